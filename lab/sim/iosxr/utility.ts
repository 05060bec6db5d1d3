const lineCount = (words: readonly string[]): number => {
  const at = words.findIndex((word) => word.startsWith('-n'));
  const value = at < 0 ? words.find((word) => /^-\d+$/.test(word))?.slice(1) : words[at]?.slice(2) || words[at + 1];
  return Number(value ?? 10);
};

/** `| utility …` of IOS-XR, which runs programs of its shell; undefined for one that is not simulated. */
export const utility = (output: string, filter: string): string | undefined => {
  const [first = '', program = '', ...words] = filter.split(/\s+/);
  if (!'utility'.startsWith(first) || first.length < 2) return undefined;
  const lines = output.replace(/\n$/, '').split('\n');
  const done = (kept: readonly string[]) => kept.map((line) => `${line}\n`).join('');
  switch (program) {
    case 'head':
      return done(lines.slice(0, lineCount(words)));
    case 'tail':
      return done(lines.slice(-lineCount(words)));
    case 'egrep':
    case 'fgrep': {
      const flags = words.filter((word) => word.startsWith('-')).join('');
      const pattern = words.find((word) => !word.startsWith('-')) ?? '';
      const text = program === 'fgrep' ? pattern.replace(/[.*+?^${}()|[\]\\]/g, '\\$&') : pattern;
      const expression = new RegExp(text, flags.includes('i') ? 'i' : '');
      return done(lines.filter((line) => expression.test(line) !== flags.includes('v')));
    }
    case 'sort':
      return done([...lines].sort());
    case 'uniq':
      return done(lines.filter((line, at) => line !== lines[at - 1]));
    case 'wc':
      return words.includes('-l') ? `${lines.length}\n` : undefined;
    default:
      return undefined;
  }
};
