import { format } from 'node:util';
import { logTo } from '../../core/log.ts';
import { lastWords } from '../../core/logs/last-words.ts';

/**
 * If a service's stderr is not a terminal, every line on it is JSON, so that log collectors need not distinguish them:
 * what the verb prints, why it cannot start, Node's warnings, what libraries print, and what ended it.
 *
 * @param write to stderr, as it is
 * @returns what takes text for people instead
 */
export const jsonLines = (write: (line: string) => void): ((text: string) => void) => {
  const log = logTo(write);
  process.removeAllListeners('warning').on('warning', ({ name, message }) => log.warn({ warning: name }, message));
  process.on('uncaughtException', lastWords); // a runner puts its own in the place of it
  const said =
    (level: 'debug' | 'warn') =>
    (...words: unknown[]) =>
      log[level]({ console: true }, format(...words));
  Object.assign(console, { log: said('debug'), info: said('debug'), warn: said('warn'), error: said('warn') });
  return (text) => {
    const [first = '', ...rest] = text
      .trimEnd()
      .replace(/^\s*→ /, '')
      .split('\n');
    if (first === '') return;
    const hint = rest.map((line) => line.replace(/^\s*→ /, '').trim()).join('\n');
    const [, severity = '', said = first] = /^(plumb|warning): (.*)$/s.exec(first) ?? [];
    log[severity === 'plumb' ? 'error' : severity === 'warning' ? 'warn' : 'info'](hint ? { hint } : {}, said);
  };
};
