import { readFileSync, realpathSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { sameText } from '../text/utf8.ts';

/** Reads a template by its name; undefined where there is none. */
type Read = (name: string) => string | undefined;

/**
 * The templates of a folder.
 *
 * @returns a function that throws an Error with the reason for a name that leads out of the folder by `..` or by a link
 */
export const readFrom = (folder: string): Read => {
  const root = realpathSync(folder);
  return (name) => {
    const parts = name.split('/');
    const quoted = JSON.stringify(name);
    if (name.startsWith('/') || parts.includes('..') || /[\\\0]/.test(name))
      throw new Error(`the template ${quoted} is outside the templates folder`);
    let real: string;
    try {
      real = realpathSync(join(root, ...parts));
    } catch {
      return undefined;
    }
    if (relative(root, real).startsWith(`..${sep}`))
      throw new Error(`the template ${quoted} is a link to outside the templates folder`);
    if (!statSync(real).isFile()) throw new Error(`the template ${quoted} is not a regular file`); // a pipe may never end
    let bytes: Buffer;
    try {
      bytes = readFileSync(real);
    } catch (cause) {
      throw new Error(`the template ${quoted} cannot be read (${(cause as NodeJS.ErrnoException).code})`, { cause });
    }
    return sameText(bytes, `the template ${name}`);
  };
};

/** The same for one language: templates in the other one are refused by name. */
export const readOnly =
  (read: Read, language: Language): Read =>
  (name) => {
    const other = languages.find((each) => each !== language && name.endsWith(each.ending));
    if (other) throw new Error(`${JSON.stringify(name)} is a ${other.name} template, and this one is ${language.name}`);
    return read(name);
  };

/** A template language, recognised by the file ending. */
type Language = { name: string; ending: string };

export const jinja: Language = { name: 'Jinja2', ending: '.j2' };
export const nunjucks: Language = { name: 'nunjucks', ending: '.njk' };
const languages = [jinja, nunjucks];
