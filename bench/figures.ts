/** One figure as a line of JSON on stdout. */
export const print = (figure: Record<string, unknown>): void => {
  process.stdout.write(`${JSON.stringify(figure)}\n`);
};

/** The middle of several measurements, to a tenth. */
export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return Math.round((sorted[Math.floor(sorted.length / 2)] ?? 0) * 10) / 10;
};

export const ratio = (ours: number, theirs: number): number => Math.round((ours / theirs) * 100) / 100;
