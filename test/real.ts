import { existsSync } from 'node:fs';
import { describe, type TestOptions } from 'vitest';

/** What an sshd needs that lets somebody in by name. */
export const sshd = ['/usr/sbin/sshd', 'root'] as const;

/** @param needed programs by path, and `root` for its rights. @returns the first that is missing here, '' where none is */
export const lacking = (needed: readonly string[]): string =>
  needed.find((one) => (one === 'root' ? process.getuid?.() !== 0 : !existsSync(one))) ?? '';

/** A `describe` that is skipped, with the reason, where something that it needs is missing; in CI it runs, and fails. */
export const describeWith = (
  needed: readonly string[],
  title: string,
  tests: () => void,
  options: TestOptions = {},
): void => {
  const missing = lacking(needed);
  describe.skipIf(missing !== '' && !process.env.CI)(
    missing ? `${title} (skipped: no ${missing})` : title,
    options,
    tests,
  );
};
