import { type Log, logTo, toStderr } from '../../core/log.ts';
import type { KeptLines } from '../../core/logs/kept-lines.ts';
import { oneLine } from './text.ts';

type Line = { level: number; msg?: string; device?: string; job?: string; code?: string };

/**
 * The log of the parts that run inside `plumb up`, as lines that people read: only warnings and errors, unless
 * PLUMB_LOG asks for more, and then as it is everywhere else.
 *
 * @param kept what is said all the same, as it is everywhere else
 */
export const plainLog = (env: NodeJS.ProcessEnv, say: (text: string) => void, kept: KeptLines): Log => {
  let last = '';
  const write = (line: string) => {
    const { level, msg = '', device, job, code } = JSON.parse(line) as Line;
    if (level < 40) return;
    if (job !== undefined && code !== undefined) return; // a failed job, which is shown as such, with its diff
    const text = oneLine(device && !msg.startsWith(device) ? `${device}: ${msg}` : msg);
    if (text === last) return; // what is tried again every few seconds need not be reported each time
    last = text;
    say(`${level >= 50 ? 'error' : 'warning'}: ${text}\n`);
  };
  return logTo((line) => {
    kept.add(line);
    if (env.PLUMB_LOG) toStderr(line);
    else write(line);
  });
};
