/** What cannot be read: the folder of templates, a template, or the output that one was given. */
export type Unreadable = 'folder' | 'template' | 'output';

/** Why an output is not parsed. */
export class TextFsmFailure extends Error {
  override readonly name = 'TextFsmFailure';
  readonly what: Unreadable;
  /** Of the template or of its index, from 1. */
  readonly line: number | undefined;
  /** What to do next, one sentence. */
  readonly hint: string | undefined;

  constructor(
    what: Unreadable,
    message: string,
    options: ErrorOptions & { line?: number | undefined; hint?: string | undefined } = {},
  ) {
    super(message, options);
    this.what = what;
    this.line = options.line;
    this.hint = options.hint;
  }
}
