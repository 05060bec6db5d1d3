import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TextFsmFailure } from './failure.ts';
import { runTemplate, type TextRecord } from './run-template.ts';
import { parseTemplate, type Template } from './template.ts';
import { findTemplates, parseIndex, type TemplateIndex } from './template-index.ts';

/** Read once for each process; templates are read anew when the process starts. */
const templates = new Map<string, Template>();
const indexes = new Map<string, TemplateIndex>();

const read = (path: string, what: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new TextFsmFailure('template', `${path}: the ${what} cannot be read`, { cause });
  }
};

const once = <T>(cache: Map<string, T>, path: string, make: () => T): T => {
  const value = cache.get(path) ?? make();
  cache.set(path, value);
  return value;
};

type Table = { file: string; columns: readonly string[]; rows: TextRecord[] };

const columnsOf = ({ values }: Template) => values.map(({ name }) => name.toLowerCase());
const keysOf = ({ values }: Template) =>
  values.filter(({ options }) => options.includes('Key')).map(({ name }) => name.toLowerCase());

/** Adds the columns that a further template found: to the row of the same keys, without any to that of the same number. */
const extend = (first: Table, second: Table, keys: readonly string[]): Table => {
  const added = second.columns.filter((column) => !first.columns.includes(column));
  const joins = added.length > 0 && first.rows.length > 0 && second.rows.length > 0;
  for (const { file, columns } of joins ? [first, second] : [first]) {
    const unknown = keys.find((key) => !columns.includes(key));
    if (unknown !== undefined) {
      throw new TextFsmFailure('template', `${file}: it has no Value ${unknown.toUpperCase()}, by which to join`, {
        hint: `${first.file} and ${second.file} stand together in the index: both need the Values that are Key`,
      });
    }
  }
  const rows = first.rows.map((row, index) => {
    const other = keys.length
      ? second.rows.find((each) => keys.every((key) => String(each[key]) === String(row[key])))
      : second.rows[index];
    return { ...row, ...Object.fromEntries(added.map((column) => [column, other?.[column] ?? ''])) };
  });
  return { file: first.file, columns: [...first.columns, ...added], rows };
};

/** The templates that a command abbreviates; a word that is written out means itself, as on a device. */
const abbreviated = (files: readonly string[], platform: string, command: string): readonly string[] => {
  const words = command.split(/[\s/_]+/);
  const wordsOf = (file: string) => file.slice(platform.length + 1, -'.textfsm'.length).split('_');
  return words.reduce<readonly string[]>(
    (left, word, index) => {
      const begun = left.filter((file) => wordsOf(file)[index]?.startsWith(word));
      const exact = begun.filter((file) => wordsOf(file)[index] === word);
      return exact.length > 0 ? exact : begun;
    },
    files.filter((file) => wordsOf(file).length === words.length),
  );
};

/** Without an index: the template that is called as the command is, or else the only one that it abbreviates. */
const byName = (folder: string, platform: string, command: string): readonly string[] | undefined => {
  const files = listed(folder).filter((name) => name.startsWith(`${platform}_`) && name.endsWith('.textfsm'));
  const exact = `${platform}_${command.replace(/[\s/]+/g, '_')}.textfsm`;
  if (files.includes(exact)) return [exact];
  const meant = abbreviated(files, platform, command);
  if (meant.length < 2) return meant.length === 0 ? undefined : meant;
  throw new TextFsmFailure('template', `${folder}: "${command}" may be ${meant.join(' or ')}`, {
    hint: 'write the command out',
  });
};

const listed = (folder: string): string[] => {
  try {
    return readdirSync(folder);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new TextFsmFailure('folder', `${folder}: the folder of templates cannot be read: ${reason}`, { cause });
  }
};

/** The templates for a command: by the folder's `index`, else by the name `<platform>_<command>.textfsm`. */
const templatesFor = (folder: string, platforms: readonly string[], command: string): readonly string[] => {
  const path = join(folder, 'index');
  const index = existsSync(path) ? once(indexes, path, () => parseIndex(read(path, 'index'), path)) : undefined;
  for (const name of platforms) {
    const found = index ? findTemplates(index, { Platform: name, Command: command }) : byName(folder, name, command);
    if (found) return found;
  }
  const file = `${platforms.at(-1)}_${command.replace(/[\s/]+/g, '_')}.textfsm`;
  throw new TextFsmFailure('template', `${folder}: no template is for "${command}" on ${platforms[0]}`, {
    hint: index
      ? 'look into its file `index`: Platform and Command must match from their beginning'
      : `it has no file \`index\`, so it would be called ${file}`,
  });
};

/** Items of a list as Python's clitable gives them, which makes a text of each: `None` where nothing was matched. */
const asTexts = (row: TextRecord): TextRecord =>
  Object.fromEntries(
    Object.entries(row).map(([name, field]) => [
      name,
      Array.isArray(field) ? field.map((item) => (item === null ? 'None' : item)) : field,
    ]),
  );

/**
 * Turns what a command printed into records, with the TextFSM templates of a folder such as that of ntc-templates.
 *
 * @param templatesFolder holds the templates and, in most cases, an `index`
 * @param platforms the names that the platform may have there, in the order in which they are tried
 * @throws TextFsmFailure `template` when no template is for this command or it is broken, `output` when the
 *   output is not what it is for
 */
export const parseCommandOutput = (
  templatesFolder: string,
  platforms: readonly string[],
  command: string,
  output: string,
): TextRecord[] => {
  const names = templatesFor(templatesFolder, platforms, command.trim());
  let table: Table | undefined;
  let keys: readonly string[] = [];
  for (const name of names) {
    const path = join(templatesFolder, name);
    const template = once(templates, path, () => parseTemplate(read(path, 'template'), name));
    const next = { file: name, columns: columnsOf(template), rows: runTemplate(template, output).map(asTexts) };
    if (keys.length === 0) keys = keysOf(template);
    table = table ? extend(table, next, keys) : next;
  }
  return table?.rows ?? [];
};
