const matcher = (pattern: string): ((line: string) => boolean) => {
  const text = pattern.trim().replace(/^(["'])(.*)\1$/, '$2');
  try {
    const expression = new RegExp(text, 'i');
    return (line) => expression.test(line);
  } catch {
    return (line) => line.includes(text);
  }
};

const section = (lines: readonly string[], wanted: (line: string) => boolean): string[] => {
  const kept: string[] = [];
  let inside = false;
  for (const line of lines) {
    if (!line.startsWith(' ')) inside = wanted(line);
    if (inside) kept.push(line);
  }
  return kept;
};

/** Splits `show x | include y | count` into the command and its filters. A bar within quotes is text. */
export const splitPipes = (line: string): [string, ...string[]] => {
  const parts: string[] = [''];
  let quote = '';
  for (const char of line) {
    if (quote !== '') quote = char === quote ? '' : quote;
    else if (char === '"' || char === "'") quote = char;
    if (char === '|' && quote === '') parts.push('');
    else parts[parts.length - 1] += char;
  }
  const [command = '', ...filters] = parts.map((part) => part.trim());
  return [command, ...filters];
};

/** Applies one filter to an output; undefined when the platform has no such filter. */
export const applyPipe = (output: string, filter: string): string | undefined => {
  const [, word = '', rest = ''] = /^(\S+)\s*(.*)$/.exec(filter) ?? [];
  const lines = output.replace(/\n$/, '').split('\n');
  const done = (kept: readonly string[]) => (kept.length === 0 ? '' : `${kept.join('\n')}\n`);
  const is = (name: string, least: number) => word.length >= least && name.startsWith(word);
  if (is('include', 1) || word === 'grep' || word === 'match' || word === 'egrep')
    return done(lines.filter(matcher(rest)));
  if (is('exclude', 2) || word === 'except') return done(lines.filter((line) => !matcher(rest)(line)));
  if (is('begin', 1) || word === 'find') {
    const at = lines.findIndex(matcher(rest));
    return at < 0 ? '' : done(lines.slice(at));
  }
  if (is('section', 3)) return done(section(lines, matcher(rest)));
  if (is('count', 2)) return `Count: ${lines.filter((line) => line !== '').length} lines\n`;
  if (word === 'no-more' || word === 'nz') return output;
  if (is('last', 2)) return done(lines.slice(-Number(rest || 10)));
  return undefined;
};
