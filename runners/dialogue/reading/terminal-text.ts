// What a terminal would show of a line that a device sent: escape sequences, backspaces and redraws applied.

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this file is about
const operatingSystemCommand = /\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above
const controlSequence = /\x1b\[[0-?]*[ -/]*[@-~]|\x1b[()][0-9A-B]|\x1b[=>78DM]/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above
const anyControl = /[\x00-\x08\x0b-\x1f\x7f\x9b]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above
const blankAndBack = / \x1b\[1D/g; // Huawei, while it wraps long commands

/** No device of ours has a wider screen: a cursor that is sent further right stops here, and takes no memory. */
const widest = 4096;

/** Line ends as devices send them (`\r\n`, `\r\r\n`, ESC E) as `\n`; a run of `\r` is looked at from its start only. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above
export const lineEnds = (raw: string): string => raw.replace(/(?<!\r)\r*\n|\x1bE/g, '\n');

const count = (sequence: string): number => Number.parseInt(sequence.slice(2), 10) || 1;

/** One line without its line end, as it stands on the screen at last. */
export const cleanLine = (raw: string): string => {
  if (!anyControl.test(raw)) return raw;
  let end = raw.length;
  while (raw[end - 1] === '\r') end--;
  const line = raw.slice(0, end).replace(operatingSystemCommand, '').replace(blankAndBack, '');
  if (!anyControl.test(line)) return line;
  const screen: string[] = [];
  let column = 0;
  for (let at = 0; at < line.length; at++) {
    const char = line[at] as string;
    if (char === '\x1b') {
      controlSequence.lastIndex = at;
      const sequence = controlSequence.exec(line)?.[0];
      if (!sequence) continue;
      if (sequence.endsWith('D')) column = Math.max(0, column - count(sequence));
      else if (sequence.endsWith('C')) column = Math.max(column, Math.min(column + count(sequence), widest));
      else if (sequence.endsWith('K') && !/[12]K$/.test(sequence)) screen.length = Math.min(screen.length, column);
      else if (sequence.endsWith('2K')) screen.length = 0;
      at += sequence.length - 1;
    } else if (char === '\r') column = 0;
    else if (char === '\b') column = Math.max(0, column - 1);
    else if (char >= ' ' || char === '\t') {
      while (screen.length < column) screen.push(' ');
      screen[column++] = char;
    }
  }
  return screen.join('').trimEnd();
};

/** A whole output, line by line. */
export const clean = (raw: string): string => lineEnds(raw).split('\n').map(cleanLine).join('\n');
