/**
 * Does something once a time is over and what has come in it was read: in a process that was held up, stopped or busy, the
 * timers come first, and then the answer that has lain in the socket in time.
 *
 * @returns takes it back, also between the two
 */
export const afterReading = (ms: number, work: () => void): (() => void) => {
  let look: NodeJS.Immediate | undefined;
  const timer = setTimeout(() => {
    look = setImmediate(work);
  }, ms);
  return () => {
    clearTimeout(timer);
    clearImmediate(look);
  };
};
