import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { PlumbError } from '../../core/errors.ts';

/** What a connection ends with that is cut. */
export const cut = ['closed', 'unreachable', 'timeout'];

/** Asserts that something is refused with one of these codes. @returns the error */
export const refused = async (work: Promise<unknown> | undefined, ...codes: string[]): Promise<PlumbError> => {
  const error = await Promise.resolve(work).then(
    (value) => value,
    (thrown: unknown) => thrown,
  );
  if (error instanceof PlumbError && codes.includes(error.code)) return error;
  const found = error instanceof Error ? error : `it succeeded, with ${JSON.stringify(error)}`;
  assert.fail(`expected a PlumbError with code ${codes.join(' or ')}, found ${String(found)}`);
};

/** Asserts that a text holds another. */
export const holds = (text: string, part: string, what: string): void =>
  assert.ok(text.includes(part), `${what} should hold "${part}":\n${text}`);

/** Asserts that it does not. */
export const lacks = (text: string, part: string, what: string): void =>
  assert.ok(!text.includes(part), `${what} should not hold "${part}":\n${text}`);

/** Waits until something is so: a device tells of its timers by what it shows. */
export const until = async (isSo: () => boolean, what: string): Promise<void> => {
  const deadline = performance.now() + 25_000;
  while (!isSo()) {
    if (performance.now() > deadline) assert.fail(`${what}: still not so after 25 s`);
    await wait(10);
  }
};
