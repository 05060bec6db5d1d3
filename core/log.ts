import { pino } from 'pino';
import { redact } from './redact.ts';

/** Structured lines on stderr; secrets are masked in every string, whoever logs it. */
export const log = pino(
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
  pino.destination({ dest: 2, sync: true }),
);

export type Log = typeof log;
