import { pino } from 'pino';
import { KeptLines } from './logs/kept-lines.ts';
import { redact } from './redact/redact.ts';
import { escapeControls } from './text/controls.ts';

const stderr = pino.destination({ dest: 2, sync: true });

/** A line to stderr, before anything else happens. */
export const toStderr = (line: string): void => void stderr.write(line);

/** Structured lines; secrets are masked in every string, whoever logs it, and nothing in them steers a terminal. */
export const logTo = (write: (line: string) => void) =>
  pino(
    {
      level: process.env.PLUMB_LOG ?? 'info',
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      hooks: {
        logMethod(args, method) {
          const masked = args.map((arg) => (typeof arg === 'string' ? redact(arg) : arg));
          method.apply(this, masked as Parameters<typeof method>);
        },
      },
      formatters: { log: (fields) => JSON.parse(redact(JSON.stringify(fields))) },
    },
    { write: (line: string) => write(escapeControls(line)) },
  );

/** What this process has said lately: `core/logs/tell-log.ts` tells it on the bus. */
export const keptLines = new KeptLines();

export const log = logTo((line) => {
  toStderr(line);
  keptLines.add(line);
});

export type Log = typeof log;
