import { PlumbError } from '../../core/errors.ts';
import type { Inputs } from './getter.ts';

/**
 * The JSON that a request was answered with; undefined where it was refused, or where nothing was printed.
 *
 * @throws PlumbError `parse_failed`
 */
export const jsonOf = (inputs: Inputs, request: string): unknown => {
  const text = inputs.get(request);
  if (text === undefined || text.trim() === '') return undefined;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new PlumbError('parse_failed', `${request}: the answer is not JSON: ${text.trim().slice(0, 200)}`, { cause });
  }
};

/** What is at the end of a path; undefined as soon as something on the way is not there. */
export const at = (value: unknown, ...path: string[]): unknown =>
  path.reduce<unknown>(
    (parent, name) =>
      typeof parent === 'object' && parent !== null && Object.hasOwn(parent, name)
        ? (parent as Record<string, unknown>)[name]
        : undefined,
    value,
  );

/** A text; a number as its text; undefined for the rest. */
export const textAt = (value: unknown, ...path: string[]): string | undefined => {
  const found = at(value, ...path);
  return typeof found === 'number' ? String(found) : typeof found === 'string' ? found : undefined;
};

/** The members of an object, in their order; [] for anything else. */
export const entriesAt = (value: unknown, ...path: string[]): [string, unknown][] => {
  const found = at(value, ...path);
  return typeof found === 'object' && found !== null && !Array.isArray(found) ? Object.entries(found) : [];
};

/** A list; one thing alone is a list of one (NX-OS prints a single row so); [] for what is not there. */
export const listAt = (value: unknown, ...path: string[]): unknown[] => {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : found === undefined || found === null || found === '' ? [] : [found];
};
