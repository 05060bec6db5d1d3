import { InvalidArgumentError } from 'commander';
import { type Faults, faultKinds } from '../../lab/sim/faults.ts';

// What the flags of `plumb sim` take.

/** 0, 1, 2 … */
export const whole = (text: string): number => {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0) throw new InvalidArgumentError('Expected a whole number.');
  return number;
};

/** At least 1. */
export const count = (text: string): number => {
  const number = whole(text);
  if (number === 0) throw new InvalidArgumentError('Expected at least 1.');
  return number;
};

/** A port; 0 for any. */
export const port = (text: string): number => {
  const number = whole(text);
  if (number > 65_535) throw new InvalidArgumentError('A port is at most 65535.');
  return number;
};

/** Above 0, fractions allowed. */
export const positive = (text: string): number => {
  const number = Number(text);
  if (!(number > 0 && Number.isFinite(number))) throw new InvalidArgumentError('Expected a number above 0.');
  return number;
};

/** `rttMs=200`, `drop={"match":"^commit","when":"after"}`, `fullFlash`. */
export const fault = (text: string, faults: Partial<Faults> = {}): Partial<Faults> => {
  const [, name = '', given] = /^(\w+)(?:=(.*))?$/s.exec(text) ?? [];
  const kind = Object.hasOwn(faultKinds, name) ? (faultKinds as Record<string, string>)[name] : undefined;
  if (kind === undefined) throw new InvalidArgumentError(`Expected one of ${Object.keys(faultKinds).join(', ')}.`);
  let setting: unknown = given ?? true;
  if (given !== undefined && kind !== 'string')
    try {
      setting = JSON.parse(given);
    } catch {
      throw new InvalidArgumentError(`${name} takes a JSON ${kind}.`);
    }
  if (typeof setting !== kind || setting === null)
    throw new InvalidArgumentError(`${name} takes a ${kind === 'string' ? 'text' : `JSON ${kind}`}.`);
  return { ...faults, [name]: setting };
};
