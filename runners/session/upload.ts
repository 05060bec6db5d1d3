import { createHash } from 'node:crypto';
import { isOutcome, PlumbError } from '../../core/errors.ts';
import { patience } from '../dialogue/cli-driver.ts';
import type { FlashDialect } from './flash.ts';
import type { CliShell } from './shell.ts';
import { type ConfigLine, ownLine } from './text/config-lines.ts';

// Texts go to a flash through the device's own tclsh, which works over SSH and telnet alike.

/** A typed line stays below the width of the terminal and the 254 characters of old IOS. */
const width = 200;

/** In Tcl's quotes, what is not here is a plain character to Tcl and to the line editor: no `?`, TAB, `|`, nothing non-ASCII. */
const plain = /[\w !#%&'()*+,\-./:;<=>@^`~]/;

/** Octal has at most three digits; `\x` of Tcl 8.3, which IOS has, would eat hexadecimal digits that follow it. */
const escaped = (byte: number): string => {
  if (byte === 10) return '\\n';
  const char = String.fromCharCode(byte);
  return plain.test(char) ? char : `\\${byte.toString(8).padStart(3, '0')}`;
};

/** The commands that write a text to the channel in `fl`, byte by byte, each complete in itself. */
export const tclWrites = (text: string): string[] => {
  const parts: string[] = [];
  let part = '';
  for (const byte of Buffer.from(text, 'utf8')) {
    part += escaped(byte);
    if (part.length < width) continue;
    parts.push(part);
    part = '';
  }
  if (part !== '') parts.push(part);
  return parts.map((each) => `puts -nonewline $fl "${each}"`);
};

const leaveTcl = 'tclquit';

/** What differs on the device from what was sent; undefined: nothing. */
const difference = async (shell: CliShell, dialect: FlashDialect, file: string, text: string) => {
  const ask = (command: string) => shell.send(command, { ...patience.load, unchecked: true });
  const [listed, summed] = await Promise.all([ask(dialect.list), ask(dialect.md5(file))]);
  if (!listed.includes(file)) return `did not arrive on ${dialect.path('')}`;
  const sum = /\b[0-9a-f]{32}\b/i.exec(summed)?.[0];
  const wanted = createHash('md5').update(text).digest('hex');
  if (sum !== undefined)
    return sum.toLowerCase() === wanted ? undefined : `did not arrive as it was sent: MD5 ${sum}, not ${wanted}`;
  const read = await ask(dialect.print(file));
  return read.trimEnd() === text.trimEnd() ? undefined : 'did not arrive as it was sent';
};

/**
 * Writes a text into a file of the flash, and makes sure that it is there to the byte before anybody uses it.
 *
 * @throws PlumbError `unsupported` without tclsh, `commit_failed` when it did not arrive
 */
export const upload = async (shell: CliShell, dialect: FlashDialect, file: string, text: string): Promise<void> => {
  const typed = tclWrites(text).map((line, number): ConfigLine => ({ text: line, number, open: false }));
  const quietly = { ...patience.load, unchecked: true };
  // bytes as we write them, whatever its encoding
  const before = [dialect.open(file), 'fconfigure $fl -translation binary'].map(ownLine);
  await shell.send('tclsh', patience.load).catch((cause: unknown) => {
    if (!isOutcome(cause, 'rejected')) throw cause;
    throw new PlumbError('unsupported', `${shell.name}: it has no tclsh, by which a text gets to its flash`, {
      cause,
      hint: 'tclsh may be missing from the image, or refused to this user; nothing was changed',
    });
  });
  let said = '';
  try {
    said = await shell.type([...before, ...typed, ownLine('close $fl'), ownLine(leaveTcl)], true);
  } catch (error) {
    await shell.send(leaveTcl, quietly).catch(() => {}); // the error before it says more
    throw error;
  }
  const wrong = await difference(shell, dialect, file, text);
  if (wrong === undefined) return;
  await shell.send(dialect.remove(file), quietly);
  const why = said.split('\n').find((line) => /couldn't|error writing|no space/i.test(line));
  throw new PlumbError('commit_failed', `${shell.name}: the candidate ${wrong}${why ? `: ${why.trim()}` : ''}`, {
    hint: `is there room? \`${dialect.list}\` on the device tells`,
  });
};
