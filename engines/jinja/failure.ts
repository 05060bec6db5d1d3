/** What is wrong in a template; the place is added where the failure passes by. */
export class TemplateFailure extends Error {
  override readonly name = 'TemplateFailure';
  template: string | undefined;
  line: number | undefined;

  constructor(message: string, line?: number, template?: string) {
    super(message);
    this.line = line;
    this.template = template;
  }

  /** The innermost place wins. */
  at(template: string, line: number): this {
    this.line ??= line;
    this.template ??= template;
    return this;
  }
}

/** Ends the rendering. */
export const fail = (message: string, line?: number): never => {
  throw new TemplateFailure(message, line);
};
