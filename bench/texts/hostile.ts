import { platformSecrets } from '../../core/redact/platforms/all.ts';
import { redactTexts } from './redact.ts';

type Random = () => number;

/** What is made at random. @param random from 0 up to 1 */
export const chanceOf = (random: Random) => {
  const below = (most: number): number => Math.floor(random() * most);
  return {
    chance: random,
    below,
    pick: <T>(from: readonly T[]): T => from[below(from.length)] as T,
    times: <T>(most: number, make: () => T): T[] => Array.from({ length: 1 + below(most) }, make),
  };
};
type Chance = ReturnType<typeof chanceOf>;

/** Stands for a secret in hostile texts. */
export const canary = 'Kw4tzC4nary9';
const statements = Object.values(platformSecrets).flatMap((platform) =>
  platform.statements.flatMap(({ lines }) => lines),
);
const words = [...new Set(statements.flatMap((line) => line.match(/[a-z][\w-]+/gi) ?? []))];
/** What parts, quotes and ends things in some language or other. */
export const marks = [
  '"',
  "'",
  '\\',
  '\\n',
  ' ',
  '  ',
  '\t',
  '{',
  '}',
  ';',
  ':',
  '=',
  '<',
  '>',
  '</a>',
  '<a>',
  '://',
  '@',
  '#',
  '!',
  '+',
  '-',
  '|',
  '$1$',
  '%^%#',
  '(',
  ')',
  '[',
  ']',
  '*',
  ',',
  '\r',
  '0',
  '7',
  '¤',
  '\u2028',
  '𝄞',
  '-----BEGIN RSA PRIVATE KEY-----',
  '-----END RSA PRIVATE KEY-----',
  '<secret>',
  '{"a": "',
  '"}',
];
const samples = redactTexts(200).flatMap(([, text]) => text.split('\n'));

const lineOf = ({ below, chance, pick, times }: Chance): string => {
  const kind = below(4);
  if (kind === 0) return pick(samples);
  if (kind === 1) return times(12, () => (chance() < 0.6 ? ` ${pick(words)}` : pick(marks))).join('');
  if (kind === 2) return pick(['', '+', '- ', '   ']) + times(40, () => pick(marks)).join('');
  const part = pick([pick(marks), `${pick(words)} `, pick(marks) + pick(words)]);
  return part.repeat(1 + below(8000 / part.length));
};

/** Lines in which nothing may stay of the canary, whatever stands around them. */
const telling = [
  ' neighbor 192.0.2.1 password 7 ¤',
  'username ann privilege 15 secret 0 ¤ ¤',
  '    authentication-key "¤"; ## SECRET-DATA',
  'set protocols bgp group g authentication-key "¤"',
  'enable password ¤',
  'PrivateKey = ¤',
  'https://ann:¤@h.example.com/',
  'db_password=¤',
];

/** A text with a secret among lines that try to lead astray; `calm`: among ordinary ones, where nothing of it may stay. */
export const hostileText = (random: Random): { text: string; calm: boolean } => {
  const chance = chanceOf(random);
  const { below, pick, times } = chance;
  const lines = times(30, () => lineOf(chance));
  const at = below(lines.length + 1);
  const line = pick(telling);
  const calm = random() < 0.3;
  const around = calm ? times(20, () => pick(samples)) : lines;
  const text = [...around.slice(0, at), line, ...around.slice(at)]
    .join(pick(['\n', '\n', '\r\n']))
    .replaceAll('¤', canary);
  return { text, calm };
};
