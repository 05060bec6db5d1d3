import { logTo } from '../../core/log.ts';

/**
 * Where stderr of a service is no terminal, every line on it is one of JSON, so that whoever collects logs need not tell
 * them apart: what the verb says, why it cannot start, and what Node warns of.
 *
 * @param write to stderr, as it is
 * @returns what takes text for people instead
 */
export const jsonLines = (write: (line: string) => void): ((text: string) => void) => {
  const log = logTo(write);
  process.removeAllListeners('warning').on('warning', ({ name, message }) => log.warn({ warning: name }, message));
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
