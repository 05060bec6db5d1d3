import { TextFsmFailure } from './failure.ts';
import { PythonRegex } from './python-regex.ts';

type Row = {
  templates: readonly string[];
  /** Column name → its pattern; a column that is left empty fits everything. */
  patterns: ReadonlyMap<string, PythonRegex>;
};

/** Which template reads which command of which platform. */
export type TemplateIndex = { file: string; rows: readonly Row[] };

/** `sh[[ow]]` stands for sh, sho and show. */
const expandCompletions = (command: string): string =>
  command.replace(/\[\[([^[\]]+)\]\]/g, (_, word: string) => {
    const letters = [...word];
    return `${letters.map((letter) => `(${letter}`).join('')}${')?'.repeat(letters.length)}`;
  });

const cells = (line: string) => line.split(',').map((cell) => cell.trim());

/**
 * Reads an index file as ntc-templates has it: comma-separated, first the names of the columns, then in each row a
 * template (or several, with colons) and the expressions that its attributes must match from their beginning.
 *
 * @throws TextFsmFailure `template` with file and line
 */
export const parseIndex = (text: string, file: string): TemplateIndex => {
  let header: string[] | undefined;
  const rows: Row[] = [];
  for (const [index, line] of text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\r|\n/)
    .entries()) {
    const fail = (message: string, cause?: unknown): never => {
      const reason = cause instanceof Error ? `: ${cause.message}` : '';
      const place = `${file}, line ${index + 1}`;
      throw new TextFsmFailure('template', `${place}: ${message}${reason}`, { cause, line: index + 1 });
    };
    if (line.startsWith('#')) continue;
    if (!header) {
      const names = line.split('#')[0]?.trim() ?? '';
      if (names === '') continue;
      header = cells(names);
      if (!header.includes('Template')) fail('the first line names the columns, and none is Template');
      continue;
    }
    const row = cells(line);
    if (row.length !== header.length) continue; // blank lines, and as the reference does, broken ones
    const patterns = new Map<string, PythonRegex>();
    let templates: string[] = [];
    for (const [column, name] of header.entries()) {
      const cell = row[column] ?? '';
      if (name === 'Template') templates = cell.split(':');
      else if (cell !== '') {
        try {
          patterns.set(name, new PythonRegex(name === 'Command' ? expandCompletions(cell) : cell));
        } catch (cause) {
          fail(`${name} is not a valid expression: ${cell}`, cause);
        }
      }
    }
    rows.push({ templates, patterns });
  }
  if (!header) throw new TextFsmFailure('template', `${file}: it is empty`);
  return { file, rows };
};

/** The templates of the first row that fits all attributes; attributes that are no column do not count. */
export const findTemplates = (
  { rows }: TemplateIndex,
  attributes: Readonly<Record<string, string>>,
): readonly string[] | undefined =>
  rows.find(({ patterns }) =>
    Object.entries(attributes).every(([name, value]) => patterns.get(name)?.match(value) ?? !patterns.has(name)),
  )?.templates;
