/** `03:17:07`, in UTC as everywhere in Plumbline. @param time milliseconds, or RFC 3339 */
export const clockTime = (time: number | string): string => new Date(time).toISOString().slice(11, 19);

/** The time of day for what is of the last 20 hours, else the day too. */
export const shortTime = (time: string, nowMs: number): string => {
  const iso = new Date(time).toISOString();
  return nowMs - Date.parse(time) < 20 * 3_600_000 ? iso.slice(11, 19) : iso.slice(0, 16).replace('T', ' ');
};

const plain = (seconds: number): string => {
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} d`;
};

/** How long ago, in words as short as they can be: `4 s`, `13 min`, `1 h 35 min`, `2 d`. @param since RFC 3339 or ms */
export const age = (since: number | string, nowMs: number): string =>
  plain(Math.max(0, Math.floor((nowMs - new Date(since).getTime()) / 1000)));

/** How long something took: `12 ms`, `1.4 s`, `53 s`, `4 min`. */
export const duration = (ms: number): string => {
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))} ms`;
  return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : plain(Math.round(ms / 1000));
};

/** What is left: `2:07`. Never below zero. */
export const left = (ms: number): string => {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
};
