/** The same text with LF line ends. */
export const withLf = (text: string): string => text.replace(/\r\n?/g, '\n');

/** A configuration as it compares: LF line ends, no blanks at the end of a line, and no lines that say nothing. */
export const comparable = (config: string, saysNothing: (line: string) => boolean): string =>
  withLf(config)
    .split('\n')
    .filter((line) => !saysNothing(line))
    .map((line) => line.trimEnd())
    .join('\n');
