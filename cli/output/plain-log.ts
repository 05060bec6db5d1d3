import { pino } from 'pino';
import { type Log, log } from '../../core/log.ts';
import { redact } from '../../core/redact/redact.ts';
import { oneLine } from './text.ts';

type Line = { level: number; msg?: string; device?: string; job?: string; code?: string };

/**
 * The log of the parts that run inside `plumb up`, as lines that people read: warnings and errors alone, unless
 * PLUMB_LOG asks for more, and then as it is everywhere else.
 */
export const plainLog = (env: NodeJS.ProcessEnv, say: (text: string) => void): Log => {
  if (env.PLUMB_LOG) return log;
  let last = '';
  const write = (line: string) => {
    const { level, msg = '', device, job, code } = JSON.parse(redact(line)) as Line;
    if (job !== undefined && code !== undefined) return; // a failed job, which is shown as such, with its diff
    const text = oneLine(device && !msg.startsWith(device) ? `${device}: ${msg}` : msg);
    if (text === last) return; // what is tried again every few seconds need not be told each time
    last = text;
    say(`${level >= 50 ? 'error' : 'warning'}: ${text}\n`);
  };
  return pino({ level: 'warn', base: null }, { write });
};
