/** The same text with LF line ends. */
export const withLf = (text: string): string => text.replace(/\r\n?/g, '\n');

/** A configuration as it compares: LF line ends, no trailing blanks, and no empty lines. */
export const comparable = (config: string, saysNothing: (line: string) => boolean): string =>
  withLf(config)
    .split('\n')
    .filter((line) => !saysNothing(line))
    .map((line) => line.trimEnd())
    .join('\n');

/** A text without the lines of nothing or a lone `!` that it begins with, and without line ends at its end. */
export const withoutEnds = (text: string): string => {
  let begin = 0; // a pattern of a repeated group overflows the stack where millions of lines match
  for (let at = begin; ; begin = at + 1, at = begin) {
    if (text[at] === '!') at += 1;
    if (text[at] !== '\n') break;
  }
  let end = text.length;
  while (end > begin && text[end - 1] === '\n') end -= 1;
  return text.slice(begin, end);
};
