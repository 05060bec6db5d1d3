import { type TSchema, Type } from 'typebox';
import { PlumbError } from '../../../core/errors.ts';
import { checkSchema } from '../../../core/inventory/check.ts';
import { platformPattern } from '../../../core/platform-names.ts';
import type { Capabilities, Driver } from '../../driver.ts';
import { cliKeys, dialogueKeys, driverKeys, unknownKeys } from './keys.ts';

/** What a member must be. */
type Kind = 'text' | 'expression' | 'list' | 'function';

const words: Record<Kind, string> = {
  text: 'a text',
  expression: 'a regular expression',
  list: 'a list',
  function: 'a function',
};

const is: Record<Kind, (value: unknown) => boolean> = {
  text: (value) => typeof value === 'string' && value !== '',
  expression: (value) => value instanceof RegExp,
  list: Array.isArray,
  function: (value) => typeof value === 'function',
};

const howMuch = Type.Enum(['atomic', 'line by line', 'none']);

const said = {
  transports: Type.Array(Type.String(), { minItems: 1 }),
  replace: howMuch,
  merge: howMuch,
  diff: Type.Enum(['device', 'computed', 'none']),
  trial: Type.Enum(['native', 'dead-man switch', 'none']),
  trialUnitSeconds: Type.Number({ minimum: 1 }),
  trialSeconds: Type.Optional(Type.Object({ least: Type.Number({ minimum: 1 }), most: Type.Number({ minimum: 1 }) })),
  confirmFrom: Type.Enum(['any', 'armingSession']),
  comment: Type.Boolean(),
  startup: Type.Boolean(),
  undo: Type.Optional(Type.String()),
  neverEqual: Type.Optional(Type.String()),
  getters: Type.Array(Type.Enum(['facts', 'bgp', 'bgp-detail', 'interfaces-ip'])),
  files: Type.Optional(Type.Boolean()),
  tested: Type.String(),
  notes: Type.Array(Type.String()),
} satisfies Record<keyof Capabilities, TSchema>;
const CapabilitiesSchema = Type.Object(said, { additionalProperties: false });

const at = (value: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>(
      (parent, key) =>
        typeof parent === 'object' && parent !== null ? (parent as Record<string, unknown>)[key] : undefined,
      value,
    );

const missing = (value: unknown, needs: Readonly<Record<string, Kind>>): string[] =>
  Object.entries(needs).flatMap(([path, kind]) => {
    const found = at(value, path);
    if (is[kind](found)) return [];
    return [found === undefined ? `"${path}" is missing (${words[kind]})` : `"${path}" is not ${words[kind]}`];
  });

const refuse = (file: string, what: string, problems: readonly string[]): void => {
  if (problems.length === 0) return;
  throw new PlumbError('invalid_request', `${file}: ${what} is invalid: ${problems.join('; ')}`, {
    hint: 'docs/add-a-platform.md has a complete driver',
  });
};

/** @throws PlumbError `invalid_request` with everything that is missing, and all that is not understood */
export const refuseIncomplete = (
  file: string,
  what: string,
  value: unknown,
  needs: Readonly<Record<string, Kind>>,
  known: Readonly<Record<string, true>>,
): void =>
  refuse(file, what, [
    ...missing(value, needs),
    ...unknownKeys(value, known),
    ...unknownKeys(at(value, 'cli'), dialogueKeys, 'cli.'),
  ]);

/** What is wrong with a driver's list of commands that only read: what is not understood must not let anything through. */
const readOnlyProblems = (value: unknown): string[] => {
  if (Array.isArray(at(value, 'operations'))) return [];
  const listed = (one: unknown) => is.text(one) || (is.text(at(one, 'like')) && is.expression(at(one, 'pattern')));
  const problems = ['commands', 'filters'].filter((key) => {
    const list = at(value, key);
    return !(Array.isArray(list) ? list.every(listed) : key === 'filters' && list === undefined);
  });
  const bar = at(value, 'bar');
  return [
    ...problems.map((key) => `"readOnly.${key}" is not a list of words and { like, pattern }`),
    ...([undefined, 'quoted', 'spaced', 'shell'].includes(bar as string | undefined)
      ? []
      : ['"readOnly.bar" is not one of quoted, spaced, shell']),
  ];
};

/** Checks what a file exported. @throws PlumbError `invalid_request` with everything that is wrong with it */
export const checkDriver = (file: string, value: unknown): Driver => {
  if (typeof value !== 'object' || value === null) {
    const found = value === undefined ? 'no default' : `a default of type ${typeof value}`;
    throw new PlumbError(
      'invalid_request',
      `${file}: it exports ${found}, expected a driver or a function that makes one`,
      {
        hint: 'export default ({ cliDriver }) => cliDriver({ … }); docs/add-a-platform.md has a complete one',
      },
    );
  }
  const problems = [
    ...missing(value, { platform: 'text', open: 'function', normalise: 'function', hostname: 'function' }),
    ...unknownKeys(value, { ...driverKeys, ...cliKeys }), // one that cliDriver made holds what it was made of
  ];
  const platform = at(value, 'platform');
  if (typeof platform === 'string' && !new RegExp(platformPattern).test(platform))
    problems.push(`platform "${platform}" must be at most 32 lower-case letters, digits and _`);
  const capabilities = at(value, 'capabilities');
  if (capabilities === undefined) problems.push('"capabilities" is missing');
  else
    for (const { path, text } of checkSchema(CapabilitiesSchema, capabilities))
      problems.push(`${['capabilities', ...path].join('.')}: ${text}`);
  const readOnly = at(value, 'readOnly');
  if (readOnly !== undefined) problems.push(...readOnlyProblems(readOnly));
  refuse(file, 'its driver', problems);
  return value as Driver;
};
