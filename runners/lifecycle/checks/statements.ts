import { named } from '../../../core/by-name.ts';

/**
 * A configuration as statements, each with the sections it stands in: `interface eth1 shutdown`. From an indented text,
 * one in braces, or set commands; comments and what is inactive are left out.
 */
export const statementsOf = (config: string): string[] => {
  const lines = config.split(/\r?\n/);
  const rest = (line: string) => line.trim().replace(/\s+/g, ' ');
  const top = lines.filter((line) => /^[^\s!#/]/.test(line));
  if (top.filter((line) => /[{};]\s*(?:#.*)?$/.test(line)).length > top.length / 2) return inBraces(config);
  if (lines.some((line) => /^set \S/.test(line))) return commands(lines.map(rest));
  return indented(lines);
};

const commands = (lines: readonly string[]): string[] => {
  const off = lines.filter((line) => line.startsWith('deactivate ')).map((line) => line.slice('deactivate '.length));
  return lines
    .filter((line) => line.startsWith('set '))
    .map((line) => line.slice('set '.length))
    .filter((line) => !off.some((path) => `${line} `.startsWith(`${path} `)));
};

const inBraces = (config: string): string[] => {
  const statements: string[] = [];
  const path: string[] = [];
  let inactive: number | undefined;
  let text = '';
  // a quoted text, a comment, a mark, or a run of anything else
  for (const [token] of config.matchAll(/"[^"\n]*"|\/\*[\s\S]*?\*\/|#.*|[{};]|[^"/#{};]+|./g)) {
    if (token.startsWith('#') || token.startsWith('/*')) continue;
    if (!/^[{};]$/.test(token)) {
      text += token;
      continue;
    }
    const words = text.trim().replace(/\s+/g, ' ');
    const statement = words.replace(/^(?:inactive|protect): /, '');
    text = '';
    const off = words.startsWith('inactive: ');
    if (statement !== '' && !off && inactive === undefined) statements.push([...path, statement].join(' '));
    if (token === '{') {
      path.push(statement);
      if (off) inactive ??= path.length;
    } else if (token === '}') {
      path.pop();
      if (inactive !== undefined && path.length < inactive) inactive = undefined;
    }
  }
  return statements;
};

const indented = (lines: readonly string[]): string[] => {
  const path: { indent: number; text: string }[] = [];
  return lines.flatMap((line) => {
    const text = line.trim().replace(/\s+/g, ' ');
    if (/^(?:[!#]|exit|end$|$)/.test(text)) return [];
    const indent = line.length - line.trimStart().length;
    while ((path.at(-1)?.indent ?? -1) >= indent) path.pop();
    path.push({ indent, text });
    return [path.map((each) => each.text).join(' ')];
  });
};

const shortNames: Readonly<Record<string, string>> = { be: 'bundle-ether', bv: 'bvi' };

/** Whether two names are those of one interface: devices write `Eth1/1` and `Ethernet1/1`. */
export const sameInterface = (one: string, other: string): boolean => {
  if (one.toLowerCase() === other.toLowerCase()) return true;
  const [, pattern] = /^"([^"]*)"$/.exec(one) ?? []; // BIRD's, a shell pattern
  if (pattern !== undefined) {
    const plain = pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.');
    return new RegExp(`^${plain}$`).test(other);
  }
  const [left, right] = [one, other].map((name) => /^([a-z-]+?)-?(\d[\d/.:]*)$/.exec(name.toLowerCase()));
  if (!left || !right || left[2] !== right[2]) return false;
  const [first, second] = [left, right].map(([, word = '']) => named(shortNames, word) ?? word);
  return first !== undefined && second !== undefined && (first.startsWith(second) || second.startsWith(first));
};
