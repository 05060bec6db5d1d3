type Work = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * The order of what is done on one session: reads may run together, everything else runs alone, and nobody overtakes
 * anybody who changes something.
 */
export const turns = (): { alone: Work; together: Work } => {
  let last: Promise<unknown> = Promise.resolve();
  const reading = new Set<Promise<unknown>>();
  return {
    alone: (work) => {
      const mine = Promise.all([last, ...reading]).then(work);
      last = mine.catch(() => {});
      return mine;
    },
    together: (work) => {
      const mine = last.then(work);
      const over: Promise<unknown> = mine.catch(() => {}).then(() => reading.delete(over));
      reading.add(over);
      return mine;
    },
  };
};
