// Some refusals come at the commit only, and without a line number: the device repeats the command that it refuses.

const plain = (text: string): string => text.trim().replace(/\s+/g, ' ');

/** Numbers of the lines that read like a command. */
export const linesLike = (config: string, command: string): number[] => {
  const wanted = plain(command);
  if (wanted === '') return [];
  return config.split('\n').flatMap((line, at) => (plain(line) === wanted ? [at + 1] : []));
};

/** Each line of an indented text with the lines that it stands below, itself last. */
const pathsOf = function* (config: string): Generator<{ number: number; path: readonly string[] }> {
  const above: { depth: number; text: string }[] = [];
  for (const [at, line] of config.split('\n').entries()) {
    if (/^\s*(?:!|$)/.test(line)) continue;
    const depth = line.length - line.trimStart().length;
    while ((above.at(-1)?.depth ?? -1) >= depth) above.pop();
    above.push({ depth, text: plain(line) });
    yield { number: at + 1, path: above.map(({ text }) => text) };
  }
};

/** Numbers of the lines that stand below those lines; where none does, of those that read like the last. */
export const linesAt = (config: string, path: readonly string[]): number[] => {
  const wanted = path.map(plain).join('\n');
  const found = [...pathsOf(config)].flatMap((one) => (one.path.join('\n') === wanted ? [one.number] : []));
  return found.length > 0 ? found : linesLike(config, path.at(-1) ?? '');
};

const listed = (numbers: readonly number[]): string =>
  numbers.length > 6 ? `${numbers.slice(0, 5).join(', ')} and ${numbers.length - 5} more` : numbers.join(', ');

/**
 * A refusal in terms of the file. Where several lines read alike all of them are named, and none as the one.
 *
 * @param numbers candidates, by `linesLike` or `linesAt`
 */
export const refusedAt = (
  config: string,
  numbers: readonly number[],
  said: string,
): { text: string; line?: number } => {
  const [line] = numbers;
  if (line === undefined) return { text: said };
  const quoted = `"${config.split('\n')[line - 1]?.trim()}"`;
  if (numbers.length > 1) return { text: `one of lines ${listed(numbers)}: ${quoted}: ${said}` };
  return { text: `line ${line}: ${quoted}: ${said}`, line };
};
