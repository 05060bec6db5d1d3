import { PlumbError } from '../../../core/errors.ts';
import { patience } from '../../dialogue/cli-driver.ts';
import type { CliShell } from '../../session/shell.ts';
import type { ConfigLine } from '../../session/text/config-lines.ts';
import { type Item, items } from '../../session/text/merge-diff.ts';
import { rules } from './text.ts';

const mostQuits = 8;

/** A prompt without the mark of uncommitted changes: `[~core1-bgp]` and `[*core1-bgp]` are the same view. */
const viewOf = (prompt: string): string => prompt.trim().replace(/\[[~*]/, '[');

const quit = (line: ConfigLine): ConfigLine => ({ text: 'quit', number: line.number, open: false });

/** What stands under one top-level command, with a `quit` where its indentation says that a view ends. */
const typed = (inside: readonly Item[]): ConfigLine[] => {
  const out: ConfigLine[] = [];
  let depth = 1;
  for (const { lines, above } of inside) {
    const [first] = lines;
    if (!first) continue;
    for (; depth > above.length; depth--) out.push(quit(first));
    depth = above.length;
    out.push(...lines);
  }
  const last = out.at(-1);
  for (; last && depth > 0; depth--) out.push(quit(last));
  return out;
};

/** Looks at a text before it is typed. @throws PlumbError `rejected` with the file's line number */
export const checkText = (shell: CliShell, config: string): void =>
  shell.check(items(config, rules).flatMap(({ lines }) => lines));

/**
 * Types a text in system view, part by part, and is back in system view after each: the prompt tells the view.
 *
 * @param mayGoOn called before each part; throws to stop it
 * @throws PlumbError `rejected` with the file's line number
 */
export const typeText = async (shell: CliShell, config: string, mayGoOn = () => {}): Promise<void> => {
  const all = items(config, rules);
  let home = viewOf(shell.prompt);
  const outside = (line: ConfigLine): never => {
    throw new PlumbError(
      'rejected',
      `${shell.name}: line ${line.number}: "${line.text.trim()}": it left system view, for ${shell.prompt}`,
      { line: line.number, hint: 'indent a line only under a command that opens a view' },
    );
  };
  const goHome = async (line: ConfigLine): Promise<void> => {
    for (let count = 0; viewOf(shell.prompt) !== home; count++) {
      if (!shell.configuring || count === mostQuits) outside(line);
      await shell.send('quit', { ...patience.load, unchecked: true });
    }
  };
  for (let at = 0; at < all.length; ) {
    const [head] = all.slice(at, at + 1);
    const [first] = head?.lines ?? [];
    if (!head || !first) break;
    let end = at + 1;
    while (all[end]?.above[0] !== undefined) end++;
    const inside = all.slice(at + 1, end);
    mayGoOn();
    await shell.type(head.lines);
    if (inside.length === 0 && /^sysname\s/.test(head.text)) home = viewOf(shell.prompt); // its new name, at once
    if (inside.length > 0) {
      if (viewOf(shell.prompt) === home) {
        const below = inside[0]?.lines[0] ?? first;
        throw new PlumbError(
          'rejected',
          `${shell.name}: line ${below.number}: "${below.text.trim()}": the line above it opens no view`,
          { line: below.number, hint: 'indent a line only under a command that opens a view' },
        );
      }
      await shell.type(typed(inside));
    }
    await goHome(inside.at(-1)?.lines[0] ?? first);
    at = end;
  }
};
