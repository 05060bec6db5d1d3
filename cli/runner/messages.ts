/** What a runner tells the process that looks after it. */
export type Told =
  /** It is alive: its event loop turns. */
  | { kind: 'beat' }
  /** It holds devices, or waits for some: what may be wrong with how it was called is not. */
  | { kind: 'started' }
  | { kind: 'begins' | 'ends'; device: string };

/** What it is told: which devices it shall leave alone. */
export type Avoid = { avoid: readonly string[] };

export const beatEveryMs = 1_000;

/** In the environment of a runner: the id of the process that looks after it. */
export const supervisorVariable = 'PLUMB_SUPERVISOR';
