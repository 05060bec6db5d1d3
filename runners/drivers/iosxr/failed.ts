import { linesAt, refusedAt } from '../../session/text/refused-lines.ts';

/** A line that the router could not commit: what it stands below, itself last, and why. */
type Failed = { path: readonly string[]; reason: string };

const head = /^!!(?!%)|^end$|^\s*(?:!\s*)?$/;

/** Reads `show configuration failed`: each reason (`!!% …`) follows its line, which stands below its modes. */
const readFailed = (said: string): Failed[] => {
  const found: Failed[] = [];
  const above: { depth: number; text: string }[] = [];
  const leaves: Failed[] = [];
  for (const line of said.split('\n')) {
    const reason = /^\s*!!%\s*(.*)/.exec(line)?.[1];
    if (reason !== undefined) {
      if (above.length > 0) found.push({ path: above.map(({ text }) => text), reason: reason.trim() });
      continue;
    }
    if (head.test(line)) continue;
    const depth = line.length - line.trimStart().length;
    if ((above.at(-1)?.depth ?? -1) < depth) leaves.pop(); // the line before only led here
    while ((above.at(-1)?.depth ?? -1) >= depth) above.pop();
    above.push({ depth, text: line.trim() });
    leaves.push({ path: above.map(({ text }) => text), reason: 'rejected by the system' });
  }
  return found.length > 0 ? found : leaves;
};

const shown = 3;

/** What the router could not commit, in terms of the file. `line`: of the first one, where it is certain. */
export const failedLines = (said: string, config: string): { line?: number; text: string } => {
  const failed = readFailed(said).map(({ path, reason }) => refusedAt(config, linesAt(config, path), reason));
  const [first] = failed;
  const lines = said.split('\n').map((line) => line.trim());
  if (!first) return { text: lines.filter((line) => line !== '').join(' ') || 'commit failed' };
  const more = failed.length > shown ? [`and ${failed.length - shown} more`] : [];
  const text = [...failed.slice(0, shown).map((one) => one.text), ...more].join('; ');
  return { ...(first.line === undefined ? {} : { line: first.line }), text };
};
