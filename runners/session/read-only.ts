import { PlumbError } from '../../core/errors.ts';
import type { Driver } from '../driver.ts';
import { parseXml } from '../xml.ts';

/** The first words of a command, written out; or an expression for all of it, and how it looks to people. */
type Listed = string | { like: string; pattern: RegExp };

/** Which commands of a platform only read. What is not listed counts as changing the device: so do abbreviations. */
export type ReadOnly =
  | {
      commands: readonly Listed[];
      /** What may stand behind a `|`; the others may write a file or run something. */
      filters?: readonly Listed[];
      /**
       * Where a `|` is text and begins no filter. `quoted`: between double quotes. `spaced`: in the text of a filter, where
       * no blank is beside it, as in `include a|b`. `shell`: between the quotes of a shell. Left out: nowhere.
       */
      bar?: 'quoted' | 'spaced' | 'shell';
      /** A language of its own, in which `<`, `>`, `&` and `|` compare. */
      expressions?: boolean;
    }
  /** Commands are XML operations; these read. */
  | { operations: readonly string[] };

/** Of a platform that declares nothing. */
const undeclared: ReadOnly = { commands: ['show', 'display'], filters: ['include', 'exclude', 'begin', 'section'] };

// biome-ignore lint/suspicious/noControlCharactersInRegex: a line end begins a second command, other keys do anything
const keys = /[\x00-\x08\x0a-\x1f\x7f]/;
/** Begins a second command, writes a file or runs something, on some command line or other. */
const operators = /[;<>`&]|\$[({]/;

const isListed = (list: readonly Listed[], text: string): boolean => {
  const words = text.trim().replace(/\s+/g, ' ');
  return list.some((one) => (typeof one === 'string' ? `${words} `.startsWith(`${one} `) : one.pattern.test(words)));
};

/** Cuts a command at its bars. @param shape a text as long, in which the bars are that cut */
const cut = (command: string, shape: string, bar = /\|/g): string[] => {
  const ends = [...shape.matchAll(bar)].map(({ index }) => index);
  return [...ends, command.length].map((end, n) => command.slice(n === 0 ? 0 : (ends[n - 1] ?? 0) + 1, end));
};

const blank = (text: string) => '_'.repeat(text.length);

/** A command and its filters; undefined where it may do more than print. */
const partsOf = (command: string, bar: 'quoted' | 'spaced' | 'shell' | undefined): string[] | undefined => {
  if (bar === 'shell') {
    const shape = command.replace(/'[^']*'|"[^"$`\\]*"/g, blank);
    return operators.test(shape) || /[$\\]/.test(shape) ? undefined : cut(command, shape);
  }
  if (operators.test(command)) return undefined;
  if (bar !== 'spaced') return cut(command, bar === 'quoted' ? command.replace(/"[^"]*"/g, blank) : command);
  const [, first = command, rest] = /^([^|]*)\|(.*)$/.exec(command) ?? [];
  return rest === undefined ? [first] : [first, ...cut(rest, rest, /(?<=\s)\||\|(?=\s|$)/g)];
};

const operationOf = (command: string): string | undefined => {
  if (/<\/?commands\b/.test(command)) return undefined; // ours, to see that there is one alone
  try {
    const { children, text } = parseXml(`<commands>${command}</commands>`);
    return children.length === 1 && text.trim() === '' ? children[0]?.name : undefined;
  } catch {
    return undefined;
  }
};

/** Whether a command reads and does nothing else, as far as its platform's record tells. */
export const onlyReads = (rules: ReadOnly = undeclared, command: string): boolean => {
  if ('operations' in rules) return rules.operations.includes(operationOf(command) ?? '');
  const { commands, filters = [], bar, expressions = false } = rules;
  if (keys.test(command.trim())) return false;
  if (expressions) return !/[;`]/.test(command) && isListed(commands, command);
  const [first = '', ...rest] = partsOf(command, bar) ?? [];
  return isListed(commands, first) && rest.every((filter) => isListed(filters, filter));
};

/** The commands that only read, for people. */
export const readOnlyWords = (rules: ReadOnly = undeclared): string => {
  const shown = (list: readonly Listed[]) => list.map((one) => (typeof one === 'string' ? one : one.like)).join(', ');
  if ('operations' in rules) return shown(rules.operations.map((name) => `<${name}>`));
  return `${shown(rules.commands)}${rules.filters ? `; behind a |: ${shown(rules.filters)}` : ''}`;
};

/** Probes are asked during a trial: they must only read. @throws PlumbError `refused` with the probe */
export const refuseChangingProbes = (
  device: string,
  { platform, readOnly }: Driver,
  probes: readonly { name?: string; command: string }[],
): void => {
  const bad = probes.find(({ command }) => !onlyReads(readOnly, command));
  if (!bad) return;
  const what = `probe ${bad.name ? `"${bad.name}", ` : ''}"${bad.command.slice(0, 200)}"`;
  throw new PlumbError('refused', `${device}: ${what} is none of the commands that only read on ${platform}`, {
    hint: `\`plumb platforms ${platform}\` lists those; then \`plumb retry ${device}\``,
  });
};

/** @throws PlumbError `refused` for a command that may change the device */
export const refuseChanging = (device: string, { platform, readOnly }: Driver, command: string): void => {
  if (onlyReads(readOnly, command)) return;
  throw new PlumbError(
    'refused',
    `${device}: "${command.trim().slice(0, 200)}" is not a read-only command on ${platform}; nothing was sent`,
    {
      hint: `\`plumb platforms ${platform}\` lists those, to be written in full; to change the device all the same: \`plumb run --change --reason TEXT\`, or "change": true and "reason" in the request`,
    },
  );
};
