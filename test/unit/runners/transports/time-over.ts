/**
 * The time for a login that is over a moment after the device printed its last, however long it took to come there, and once
 * all of that was read.
 */
export const timeOver = () => {
  const time = new AbortController();
  const end = () => time.abort(new DOMException('the time is over', 'TimeoutError'));
  return { signal: time.signal, printed: () => void setTimeout(() => setImmediate(end), 300) };
};
