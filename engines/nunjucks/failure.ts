/** What is wrong in a nunjucks template. */
export class NunjucksFailure extends Error {
  override readonly name = 'NunjucksFailure';
  readonly template: string;
  readonly line: number | undefined;

  constructor(message: string, template: string, line?: number, options?: ErrorOptions) {
    super(message, options);
    this.template = template;
    this.line = line;
  }
}

const place = /\(([^()\n]+)\)(?: \[Line (\d+), Column \d+\])?/g;

/** What nunjucks threw: its message tells the way from the template that was asked for to the one that failed. */
export const failureOf = (error: unknown, template: string): NunjucksFailure => {
  const text = error instanceof Error ? error.message : String(error);
  const lines = text.split('\n');
  const said =
    lines
      .at(-1)
      ?.trim()
      .replace(/^(?:\w*Error: )+/, '') ?? '';
  const [, where = template, line] = [...lines.slice(0, -1).join('\n').matchAll(place)].at(-1) ?? [];
  const deep = /call stack/i.test(text);
  const large = /string length/i.test(text);
  const why = deep
    ? 'templates or macros call each other in circles'
    : large
      ? `a value is too large: ${said}`
      : said.replace(/^attempted to output null or undefined value$/, 'what it prints here is undefined or null');
  return new NunjucksFailure(why, where, line === undefined ? undefined : Number(line), { cause: error });
};
