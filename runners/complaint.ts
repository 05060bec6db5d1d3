/**
 * What a device said against a line of ours.
 *
 * @returns the refusing line, with the two lines before it where a caret points into them; undefined: no complaint
 */
export const complaint = (output: string, errors: readonly RegExp[]): string | undefined => {
  let first: { at: number; length: number } | undefined;
  for (const pattern of errors) {
    const found = pattern.exec(output);
    if (found && (!first || found.index < first.at)) first = { at: found.index, length: found[0].length };
  }
  if (!first) return undefined;
  const end = output.indexOf('\n', first.at + first.length);
  const said = output.slice(first.at, end === -1 ? undefined : end).trim();
  const before = output.slice(0, first.at).split('\n').slice(0, -1);
  const context = before.at(-1)?.trim() === '^' ? before.slice(-2) : [];
  return [...context, said].join('\n');
};
