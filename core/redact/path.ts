const deepest = 12;

/** The head of a file in a text of several: `==> /etc/hosts 0644 <==`. */
const fileHead = /^==> (\/\S+)(?: [0-7]{3,4})? <==$/;
/** Where the lines that follow belong in a Junos diff: `[edit snmp]`. */
const editHead = /^\[edit ?(.*)\]$/;

/** Follows a configuration line by line and knows in which blocks a line stands, by its indentation. */
export class BlockPath {
  #file = '';
  #edit = '';
  #heads: { indent: number; text: string }[] = [];
  readonly #isDiff: boolean;

  /** @param isDiff lines have a sign in front */
  constructor(isDiff: boolean) {
    this.#isDiff = isDiff;
  }

  /** The heads of the blocks around `line`, a line each, the outermost first; '' where none is known. */
  enter(line: string): string {
    const body = this.#isDiff && /^[-+ ]/.test(line) ? line.slice(1) : line;
    const text = body.trim();
    const file = fileHead.exec(text);
    const edit = editHead.exec(text);
    if (file || edit || /^(?:---|\+\+\+|@@) /.test(line)) {
      this.#heads = [];
      if (file) this.#file = file[1] ?? '';
      if (edit) this.#edit = edit[1] ?? '';
      return file ? '' : this.#around(); // the name of a file of secrets is none
    }
    if (text === '' || /^(?:!|#|\/[/*])/.test(text)) return this.#around();
    const indent = body.search(/\S/);
    while ((this.#heads.at(-1)?.indent ?? -1) >= indent) this.#heads.pop();
    const path = this.#around();
    if (this.#heads.length < deepest) this.#heads.push({ indent, text: text.slice(0, 200) });
    return path;
  }

  #around(): string {
    return [this.#file, this.#edit, ...this.#heads.map(({ text }) => text)].filter((part) => part !== '').join('\n');
  }
}
