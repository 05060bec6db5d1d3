const deepest = 12;

/** The head of a file in a text of several: `==> /etc/hosts 0644 <==`. */
const fileHead = /^==> (\/\S+)(?: [0-7]{3,4})? <==$/;
/** Where the lines that follow belong in a Junos diff: `[edit snmp]`. */
const editHead = /^\[edit ?(.*)\]$/;

/** The first character that is no blank; -1 where there is none. */
const firstOf = (line: string): number => {
  for (let at = 0; at < line.length; at += 1) {
    const code = line.charCodeAt(at);
    if (code !== 32 && (code < 9 || code > 13)) return code > 127 ? line.search(/\S/) : at;
  }
  return -1;
};

/** Follows a configuration line by line and knows in which blocks a line stands, by its indentation. */
export class BlockPath {
  #file = '';
  #edit = '';
  /** Each with the heads around it and its own head. */
  #heads: { indent: number; path: string }[] = [];
  readonly #isDiff: boolean;

  /** @param isDiff lines have a sign in front */
  constructor(isDiff: boolean) {
    this.#isDiff = isDiff;
  }

  /** The heads of the blocks around `line`, a line each, the outermost first; '' where none is known. */
  enter(line: string): string {
    const body = this.#isDiff && /^[-+ ]/.test(line) ? line.slice(1) : line;
    const indent = firstOf(body);
    const first = body[indent];
    const file = first === '=' ? fileHead.exec(body.trim()) : undefined;
    const edit = first === '[' ? editHead.exec(body.trim()) : undefined;
    if (file || edit || /^(?:---|\+\+\+|@@) /.test(line)) {
      this.#heads = [];
      if (file) this.#file = file[1] ?? '';
      if (edit) this.#edit = edit[1] ?? '';
      return file ? '' : this.#around(); // the name of a secrets file is not a secret
    }
    if (indent < 0 || first === '!' || first === '#' || (first === '/' && /[/*]/.test(body[indent + 1] ?? '')))
      return this.#around();
    while ((this.#heads.at(-1)?.indent ?? -1) >= indent) this.#heads.pop();
    const path = this.#around();
    const text = body.slice(indent, indent + 200).trimEnd();
    if (this.#heads.length < deepest) this.#heads.push({ indent, path: path === '' ? text : `${path}\n${text}` });
    return path;
  }

  #around(): string {
    return (
      this.#heads.at(-1)?.path ?? (this.#file && this.#edit ? `${this.#file}\n${this.#edit}` : this.#file + this.#edit)
    );
  }
}
