/**
 * A configuration as statements, each with the sections it stands in: `interface eth1 shutdown`. From an indented text,
 * one in braces, or set commands; comments and what is inactive are left out.
 */
export const statementsOf = (config: string): string[] => {
  const lines = config.split(/\r?\n/);
  const rest = (line: string) => line.trim().replace(/\s+/g, ' ');
  if (lines.some((line) => /\{\s*(?:#.*)?$/.test(line))) return inBraces(lines.map(rest));
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

const inBraces = (lines: readonly string[]): string[] => {
  const statements: string[] = [];
  const path: string[] = [];
  let inactive: number | undefined;
  for (const line of lines) {
    if (/^(?:#|\/\*|$)/.test(line)) continue;
    if (/^\}/.test(line)) {
      path.pop();
      if (inactive !== undefined && path.length < inactive) inactive = undefined;
      continue;
    }
    const off = line.startsWith('inactive: ');
    const text = line.replace(/^(?:inactive|protect): /, '').replace(/\s*#.*$/, '');
    const [, section] = /^(.*?)\s*\{$/.exec(text) ?? [];
    const whole = [...path, (section ?? text).replace(/;$/, '')].join(' ');
    if (!off && inactive === undefined) statements.push(whole);
    if (section === undefined) continue;
    path.push(section);
    if (off) inactive ??= path.length;
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
  const [first, second] = [left, right].map(([, word = '']) => shortNames[word] ?? word);
  return first !== undefined && second !== undefined && (first.startsWith(second) || second.startsWith(first));
};
