import type { ClockReading } from '../shapes.ts';

/** What `date +%s` prints. */
export const clockOfEpoch = (output: string): ClockReading | null => {
  const [, seconds] = /^(\d{9,11})$/.exec(output.trim()) ?? [];
  return seconds === undefined ? null : { at: Number(seconds) * 1000 };
};
