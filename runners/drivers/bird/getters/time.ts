/** Seconds since a moment as BIRD prints it: a time of today, or a date with or without a time. */
export const secondsSince = (since: string, now: string): number | null => {
  const at = Date.parse(`${since.includes('-') ? since : `${now.slice(0, 10)} ${since}`}Z`);
  const seconds = (Date.parse(`${now}Z`) - at) / 1000;
  if (!Number.isFinite(seconds)) return null;
  return Math.max(0, Math.round(since.includes('-') || seconds >= 0 ? seconds : seconds + 86_400));
};
