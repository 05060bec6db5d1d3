const microseconds = (run: () => unknown): number => {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return user + system;
};

/**
 * What each piece of work costs, in µs of processor time: the least of some rounds.
 *
 * All take turns, so that a slow or busy machine meets them alike: compare them with each other, never with a number.
 */
export const costs = (work: readonly (() => unknown)[], rounds = 5): number[] => {
  const all = work.map((): number[] => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [at, run] of work.entries()) all[at]?.push(microseconds(run));
  }
  return all.map((each) => Math.min(...each));
};

/** A work whose cost grows with the lines of a text and with nothing else: each is split off, matched and put together. */
export const lineByLine = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.replace(/\b(\w+) (\S+)/g, '$2 $1'))
    .join('\n');
