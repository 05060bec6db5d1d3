const indentOf = (line: string) => line.length - line.trimStart().length;
/** Blank lines, comments and closing lines start no section. */
const headless = /^(?:[!#].*|[}\]];?|end|exit\S*|quit)?$/;
const maxChars = 100;

/**
 * Tells which sections a line is in, by indentation: `router bgp 65000 / address-family ipv4 unicast`. Reads the text
 * once, so lines must be queried from top to bottom.
 */
export const sectionFinder = (lines: readonly string[]): ((at: number, line: string) => string) => {
  const open: { indent: number; text: string }[] = [];
  let read = 0;
  return (at, line) => {
    for (; read < at; read++) {
      const text = (lines[read] ?? '').trim();
      if (headless.test(text)) continue;
      const indent = indentOf(lines[read] ?? '');
      while ((open.at(-1)?.indent ?? -1) >= indent) open.pop();
      open.push({ indent, text: text.endsWith('{') ? text.slice(0, -1).trimEnd() : text });
    }
    const indent = indentOf(line);
    let path = '';
    for (const section of open) {
      if (section.indent >= indent || path.length > maxChars) break;
      path += `${path === '' ? '' : ' / '}${section.text}`;
    }
    return path.length > maxChars ? `${path.slice(0, maxChars - 1)}…` : path;
  };
};
