import { PlumbError } from '../../../core/errors.ts';
import { redact } from '../../../core/redact/redact.ts';

/** What a device's line editor takes for keys, and how a text that holds them is typed all the same. */
export type Typing = {
  /** Characters that are keys while a line is typed: `?` asks for help, TAB completes. */
  keys: string;
  /** Makes the line editor take the next character as text; left out: nothing does, and such a line is refused. */
  quote?: string;
  /** The lines of a text (a paste, a banner) are read without the line editor: its keys are text there. */
  rawTexts?: boolean;
};

/**
 * Ctrl-V, which IOS, NX-OS, IOS-XR and EOS share. Sources: Cisco IOS Configuration Fundamentals, "Using the Command-Line
 * Interface" (Ctrl-V or Esc, Q); Nexus 9000 Fundamentals, "Keystroke Shortcuts"; IOS XR Getting Started Guide,
 * "Understanding Regular Expressions"; github.com/ansible-collections/arista.eos/issues/510.
 */
export const ctrlV: Typing = { keys: '?\t', quote: '\x16' };

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
const control = /[\x00-\x08\x0a-\x1f\x7f]/;

/** How a person writes a control character: `Ctrl-Z (0x1a)`. */
const nameOf = (char: string): string => {
  const code = char.charCodeAt(0);
  const key = code === 0x7f ? 'DEL' : code === 0x1b ? 'ESC' : `Ctrl-${String.fromCharCode(code + 0x40)}`;
  return `${key} (0x${code.toString(16).padStart(2, '0')})`;
};

/** A line without what would be keys, to be shown: `^Z`. */
const shown = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: as above
  text.trim().replace(/[\x00-\x1f]/g, (char) => `^${String.fromCharCode(char.charCodeAt(0) + 0x40)}`);

const blanks = (line: string): string => line.replace(/^[ \t]+/, (indent) => indent.replaceAll('\t', ' '));

const isKeyIn = (typing: Typing | undefined, within: boolean): ((char: string) => boolean) =>
  typing && !(within && typing.rawTexts === true) ? (char) => typing.keys.includes(char) : () => false;

/** A line as it is sent. Its indentation means nothing to a line editor: a TAB there becomes a blank. */
export const quoted = (line: string, typing: Typing | undefined, within = false): string => {
  const isKey = isKeyIn(typing, within);
  const text = typing && !within ? blanks(line) : line;
  if (![...(typing?.keys ?? '')].some((key) => text.includes(key))) return text;
  return Array.from(text, (char) => (isKey(char) ? `${typing?.quote ?? ''}${char}` : char)).join('');
};

/** Why a line cannot be typed, and what to do. */
const obstacle = (
  line: string,
  typing: Typing | undefined,
  within: boolean,
): { why: string; hint: string } | undefined => {
  const [key] = control.exec(line) ?? [];
  if (key !== undefined) {
    return {
      why: `the command line treats ${nameOf(key)} as a key, not as text`,
      hint: 'remove the character; write it as a word with a caret: ^Z',
    };
  }
  if (typing?.quote !== undefined) return undefined;
  const isKey = isKeyIn(typing, within);
  const [char] = Array.from(within ? line : line.trimStart()).filter(isKey);
  if (char === undefined) return undefined;
  return char === '\t'
    ? {
        why: 'the command line treats TAB as a key (completion), and has no way to type one',
        hint: 'write spaces instead of the TAB',
      }
    : {
        why: `the command line treats "${char}" as a key (help), and has no way to type one`,
        hint: `write the text without "${char}"`,
      };
};

/** Looks at a whole text that is not typed itself. @throws PlumbError `rejected` for a control character other than TAB */
export const refuseControls = (config: string, device: string): void => {
  for (const [index, line] of config.split(/\r\n|\r|\n/).entries())
    refuseKeys(device, line, undefined, { number: index + 1 });
};

const refusal = (
  device: string,
  number: number | undefined,
  line: string,
  { why, hint }: { why: string; hint: string },
) =>
  new PlumbError(
    'rejected',
    redact(`${device}: ${number === undefined ? '' : `line ${number}: `}"${shown(line)}": ${why}`),
    { line: number, hint },
  );

/**
 * Refuses a line that would press keys: an end of the configuration mode in a description, say.
 *
 * @param number its line in the operator's file
 * @param within it is a line of a text
 * @throws PlumbError `rejected` with the line, the character and how to write it
 */
export const refuseKeys = (
  device: string,
  line: string,
  typing: Typing | undefined,
  { number, within = false }: { number?: number; within?: boolean } = {},
): void => {
  const found = obstacle(line, typing, within);
  if (found) throw refusal(device, number, line, found);
};

/** A command of the operator's: one line, and no keys in it. @throws PlumbError `rejected` */
export const refuseManyLines = (device: string, command: string): void => {
  if (/[\r\n]/.test(command))
    throw new PlumbError('rejected', `${device}: a command must be a single line`, { hint: 'send them one by one' });
  refuseKeys(device, command, { keys: '\t' }, { within: true }); // a TAB in front completes as well
};
