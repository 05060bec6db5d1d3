/** Lines added and removed by a diff, whoever made it, even one that was cut; '' if it has no such lines. */
export const diffSize = (diff: string): string => {
  const told = /\n… cut, \d+ characters in all: (\+\d+ -\d+)\n$/.exec(diff)?.[1];
  if (told !== undefined) return told;
  const lines = diff.split('\n');
  const added = lines.filter((line) => /^\s*\+(?!\+\+ )/.test(line)).length;
  const removed = lines.filter((line) => /^\s*-(?!-- )/.test(line)).length;
  return added + removed > 0 ? `+${added} -${removed}` : '';
};
