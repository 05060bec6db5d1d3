import { PlumbError } from '../../../core/errors.ts';
import { patience } from '../../dialogue/cli-driver.ts';
import type { CliShell } from '../shell.ts';
import type { ConfigLine } from './config-lines.ts';

const word = /(?<![^\s?])[^\s?]*\?\S*/g;
/** What a merge takes away stands nowhere. */
const negated = /^\s*(?:no|default) /;

/**
 * Reads back what was quoted: whether a line editor also unquotes the text of a banner, no manual says. A candidate that
 * lacks such a word, or holds the quote, is not gone on with.
 *
 * @param show prints the candidate; where the device does not know it, nothing is told
 * @throws PlumbError `rejected` with the file's line number
 */
export const refuseGarbled = async (
  shell: Pick<CliShell, 'name' | 'send'>,
  lines: readonly ConfigLine[],
  show: string,
): Promise<void> => {
  const wanted = lines
    .filter(({ text }) => !negated.test(text))
    .flatMap(({ text, number }) => (text.match(word) ?? []).map((each) => ({ each, number })));
  if (wanted.length === 0) return;
  const said = await shell.send(show, { ...patience.load, unchecked: true });
  if (/^% ?(?:Invalid|Incomplete|Ambiguous|Unknown)/m.test(said) && said.length < 1_000) return;
  const missing = wanted.find(({ each }) => !said.includes(each));
  if (!missing) return;
  throw new PlumbError(
    'rejected',
    `${shell.name}: line ${missing.number}: the device did not accept a "?" as text: its candidate has no such word`,
    { line: missing.number, hint: 'write the text without "?"' },
  );
};
