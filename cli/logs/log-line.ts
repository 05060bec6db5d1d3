import type { LogLine } from '../../core/bus.ts';
import { type Colour, paint } from '../output/colour.ts';
import { plain } from '../output/text.ts';

/** Names of levels, lowest first. */
export const levels = { trace: 10, debug: 20, info: 30, warn: 40, error: 50, fatal: 60 } as const;
export type Level = keyof typeof levels;

const levelWord = (level: number): string => Object.entries(levels).find(([, least]) => level <= least)?.[0] ?? 'fatal';

const colourOf = ({ level }: LogLine): Colour | undefined =>
  level >= levels.error ? 'red' : level >= levels.warn ? 'yellow' : level < levels.info ? 'dim' : undefined;

const shownAnyway = new Set(['time', 'level', 'msg', 'device', 'hint', 'role', 'name', 'seq']);

/** What else a line holds: `job=… code=…`. */
const rest = (line: LogLine): string =>
  Object.entries(line)
    .filter(([key, value]) => !shownAnyway.has(key) && value !== null && value !== '')
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ');

/** For today only the time, else the day as well: local time, as in all output for people here. */
const local = (time: string, now: Date): string => {
  const at = new Date(time);
  const clock = at.toTimeString().slice(0, 8);
  if (at.toDateString() === now.toDateString()) return clock;
  const day = [at.getFullYear(), at.getMonth() + 1, at.getDate()]
    .map((part) => String(part).padStart(2, '0'))
    .join('-');
  return `${day} ${clock}`;
};

/**
 * Lines for people, with the origin in a column as wide as the widest so far; `wide`: with the exact time and all
 * fields.
 */
export const logText = (wide: boolean, colour: boolean): ((line: LogLine, now?: Date) => string) => {
  let width = 0;
  return (line, now = new Date()) => {
    const who = plain(`${line.role} ${line.name}`);
    width = Math.max(width, who.length);
    const { msg = '', device = '', hint } = line;
    const about = device && !msg.startsWith(device) ? `${device}: ` : '';
    const time = wide ? line.time : local(line.time, now);
    const said = `${about}${msg}${wide && rest(line) ? `  ${rest(line)}` : ''}${hint ? `\n→ ${hint}` : ''}`;
    const level = paint(colour, colourOf(line), levelWord(line.level).padEnd(5));
    // continuation lines begin with blanks: nothing in a message can look like another process's line
    return `${plain(time)}  ${level}  ${who.padEnd(width)}  ${plain(said.trimEnd()).replaceAll('\n', '\n    ')}\n`;
  };
};
