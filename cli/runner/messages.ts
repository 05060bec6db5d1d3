/** What a runner reports to its supervisor. */
export type Told =
  /** It is alive: its event loop turns. */
  | { kind: 'beat' }
  /** It holds devices, or waits for some: it was called correctly. */
  | { kind: 'started' }
  | { kind: 'begins' | 'ends'; device: string };

/** What it is told: which devices to leave alone. */
export type Avoid = { avoid: readonly string[] };

export const beatEveryMs = 1_000;

/** In the environment of a runner: the id of its supervisor process. */
export const supervisorVariable = 'PLUMB_SUPERVISOR';
