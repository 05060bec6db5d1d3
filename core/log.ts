import { pino } from 'pino';
import { redact } from './redact/redact.ts';
import { escapeControls } from './text/controls.ts';

const stderr = pino.destination({ dest: 2, sync: true });

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

export const log = logTo((line) => void stderr.write(line));

export type Log = typeof log;
