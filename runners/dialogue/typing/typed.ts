import type { CliDriver } from '../cli-driver.ts';
import { isKey } from './echoes.ts';
import { quoted, refuseKeys } from './typing.ts';

/**
 * Lines as they are sent, all in one.
 *
 * @param within true for lines of a text
 * @throws PlumbError `rejected` for one that cannot be typed
 */
export const asTyped = (
  lines: readonly string[],
  { typing, newline = '\n' }: CliDriver,
  name: string,
  within: readonly boolean[] = [],
): string =>
  lines
    .map((line, index) => {
      if (isKey(line)) return line;
      refuseKeys(name, line, typing, { within: within[index] ?? false });
      return quoted(line, typing, within[index]) + newline;
    })
    .join('');
