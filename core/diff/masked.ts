import { isKind } from '../redact/match.ts';
import { redactInTurns } from '../redact/redact.ts';
import { mask } from '../redact/redact-registered.ts';
import { unifiedDiff } from './diff.ts';

/**
 * The difference of two texts as they are, shown without their secrets. Each line is masked by its place in the whole
 * text: a hunk lacks the file or block around it, which some secrets are recognised by.
 */
export const maskedDiff = async (
  before: string,
  after: string,
  names: { before: string; after: string },
): Promise<string> =>
  unifiedDiff(before, after, names, { before: await redactInTurns(before), after: await redactInTurns(after) });

/** A line without the sign of a difference, its indentation, and what Junos notes behind a secret. */
const bodyOf = (line: string): string =>
  line
    .replace(/^[-+]/, '')
    .trim()
    .replace(/;\s*##.*$/, ';');

const negation = /^(?:no|undo|delete|default) /;
const formsOf = (body: string): string[] => [body, body.replace(negation, '')];

/** The words before the secret of a masked line: without those that say how it is stored, which may be others. */
const headOf = (shown: string): string => {
  const words = shown.slice(0, shown.indexOf(mask)).replace(/["']$/, '').trim().split(/\s+/);
  while (isKind(words.at(-1) ?? '')) words.pop();
  return words.join(' ');
};

const firstOf = (body: string): string => body.split(' ', 1)[0] ?? '';

/** How lines of `among` are shown in some texts, and the words behind which a secret stands there. */
const shownIn = async (texts: readonly string[], among: ReadonlySet<string>) => {
  const lines = new Map<string, string>();
  const heads = new Set<string>();
  const first = new Set([...among].map(firstOf));
  for (const text of texts) {
    const shown = (await redactInTurns(text, (line) => first.has(firstOf(bodyOf(line))))).split('\n');
    for (const [at, line] of text.split('\n').entries()) {
      const [body, masked] = [bodyOf(line), bodyOf(shown[at] ?? '')];
      if (masked.includes(mask)) heads.add(headOf(masked));
      if (among.has(body) && !lines.get(body)?.includes(mask)) lines.set(body, masked);
    }
  }
  heads.delete('');
  return { lines, heads };
};

/**
 * A device's own difference without the secrets of the texts that it is of: its lines may lack the block by which a secret is
 * told. What is a secret where it stands in a text is masked; so is what stands in neither, the device's own form of a
 * line, behind the words that lead to a secret there.
 *
 * @param texts what runs and what is wanted, as they are
 */
export const maskedAsIn = async (diff: string, texts: readonly string[]): Promise<string> => {
  if (diff === '') return '';
  const { lines, heads } = await shownIn(texts, new Set(diff.split('\n').flatMap((line) => formsOf(bodyOf(line)))));
  const led = (body: string): string => {
    const words = body.split(' ');
    const at = words.findIndex((_, index) => heads.has(words.slice(0, index).join(' ')));
    return at < 1 || /^\d{1,10};?$/.test(words.slice(at).join(' ')) ? body : `${words.slice(0, at).join(' ')} ${mask}`;
  };
  const shownOf = (line: string): string => {
    const body = bodyOf(line);
    const form = formsOf(body).find((each) => lines.has(each)) ?? body.replace(negation, '');
    const at = line.lastIndexOf(form);
    return form === '' ? line : line.slice(0, at) + (lines.get(form) ?? led(form)) + line.slice(at + form.length);
  };
  return diff.split('\n').map(shownOf).join('\n');
};
