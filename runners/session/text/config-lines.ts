/** A part of a configuration that the device reads as text, without a prompt for each line. */
export type Block = {
  begin: RegExp;
  /** The line that ends it; made from the match where the text chooses its own mark. */
  end: RegExp | ((begin: RegExpExecArray) => RegExp | undefined);
  /** How many times the end must be seen: a certificate and its key end twice. */
  ends?: number;
};

/** A line to send: `number` is its line in the operator's file, 0 for one of ours, `open` that more of a block follows before a prompt does. */
export type ConfigLine = {
  text: string;
  number: number;
  open: boolean;
  /** Ours, a key to press: Ctrl-D at the end of a paste. */
  key?: true;
};

/** What a platform's configuration text needs before it is typed. */
export type LineRules = {
  /** Lines that are not sent: comments, headers. */
  drop: RegExp;
  blocks?: readonly Block[];
};

/** The lines of a file as they are to be sent; what is in a block stays as it is, blanks included. */
export const configLines = (config: string, { drop, blocks = [] }: LineRules): ConfigLine[] => {
  const out: ConfigLine[] = [];
  let end: RegExp | undefined;
  let ends = 0;
  for (const [index, raw] of config.split('\n').entries()) {
    const text = raw.replace(/\r$/, '');
    const number = index + 1;
    if (end) {
      if (end.test(text) && --ends === 0) end = undefined;
      out.push({ text, number, open: end !== undefined });
      continue;
    }
    if (text.trim() === '' || drop.test(text)) continue;
    for (const block of blocks) {
      const begin = block.begin.exec(text);
      end = begin ? (typeof block.end === 'function' ? block.end(begin) : block.end) : undefined;
      ends = block.ends ?? 1;
      if (end) break;
    }
    out.push({ text: text.trimEnd(), number, open: end !== undefined });
  }
  return out;
};

/** A command of ours among the lines of a file. */
export const ownLine = (text: string): ConfigLine => ({ text, number: 0, open: false });

/** Cuts lines into parts to be sent in one go, never within a block. @param size least lines of all parts but the last */
export const batches = function* (lines: readonly ConfigLine[], size: number): Generator<ConfigLine[]> {
  let part: ConfigLine[] = [];
  for (const line of lines) {
    part.push(line);
    if (part.length < size || line.open) continue;
    yield part;
    part = [];
  }
  if (part.length > 0) yield part;
};
