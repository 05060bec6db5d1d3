import { PlumbError } from '../../../core/errors.ts';
import type { Target } from '../../driver.ts';

// The configuration of a server is a set of files in one text, each under a head as `tail` prints it:
//   ==> /etc/motd 0644 <==
// One whose last line has no end says so, since the next head begins a line of its own:
//   ==> /etc/motd 0644 no-newline <==
// All other bytes are as they are on the server, carriage returns included.

export type ServerFile = {
  path: string;
  mode: string;
  text: string /** Of its head, in the operator's file. */;
  line: number;
};

/** What the inventory says: the files that are managed, and how the server takes them up. */
type LinuxOptions = { files: readonly string[]; reload: string };

const head = /^==> (\/\S+)(?: ([0-7]{3,4}))?( no-newline)? <==$/;
/** Whether a line reads like the head of a file. */
export const isHead = (line: string): boolean => head.test(line);

const safePath = /^\/[\w.@+\-/]+$/;

/** @throws PlumbError `invalid_inventory` */
export const linuxOptions = ({ device }: Target): LinuxOptions => {
  const { files = [], reload = 'true' } = device.options;
  const paths = Array.isArray(files) && files.every((path) => typeof path === 'string' && safePath.test(path));
  if (!paths || typeof reload !== 'string') {
    throw new PlumbError(
      'invalid_inventory',
      `${device.name}: options.files must be absolute paths and options.reload a command`,
    );
  }
  return { files: files as string[], reload };
};

/** @throws PlumbError `rejected` with the line of a head that is not allowed */
export const parseFiles = (config: string, managed: readonly string[], device: string): ServerFile[] => {
  const files: ServerFile[] = [];
  const lines = config.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  let unended = false;
  const endLast = (last: ServerFile | undefined) => {
    if (last && unended) last.text = last.text.replace(/\n$/, '');
  };
  const bad = (line: number, why: string) =>
    new PlumbError('rejected', `${device}: line ${line}: "${lines[line - 1]?.trim()}": ${why}`, {
      line,
      hint: 'a server\'s configuration is its files, each after a line "==> /path 0644 <=="; options.files names them',
    });
  for (const [index, text] of lines.entries()) {
    const line = text.replace(/\n$/, '');
    if (line.endsWith('\r') && isHead(line.slice(0, -1))) {
      throw bad(index + 1, 'this header ends in a carriage return: the text has Windows line ends');
    }
    const found = head.exec(line);
    if (found?.[1]) {
      const [, path, mode = '0644', mark] = found;
      if (!managed.includes(path)) throw bad(index + 1, 'the inventory does not name this file in options.files');
      if (files.some((file) => file.path === path)) throw bad(index + 1, 'this file is listed twice');
      endLast(files.at(-1));
      unended = mark !== undefined;
      files.push({ path, mode: mode.padStart(4, '0'), text: '', line: index + 1 });
      continue;
    }
    const last = files.at(-1);
    if (!last) throw bad(index + 1, 'no file has been named yet');
    last.text += text;
  }
  endLast(files.at(-1));
  return files;
};

/** The text of a set of files, in the order of their paths. */
export const printFiles = (files: readonly Omit<ServerFile, 'line'>[]): string =>
  [...files]
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .map(({ path, mode, text }) => {
      const unended = text !== '' && !text.endsWith('\n');
      return `==> ${path} ${mode}${unended ? ' no-newline' : ''} <==\n${text}${unended ? '\n' : ''}`;
    })
    .join('');
