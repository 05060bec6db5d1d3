/** How long things take or may take, in milliseconds of a clock that nobody sets. */
export type Timing = {
  /** A heartbeat is written so often. */
  beatMs: number;
  /** What a heartbeat is good for, counted from before it was sent. */
  rightMs: number;
  /** A runner that was not heard of for so long is buried. */
  silenceMs: number;
  /** What may still be another's right by a store that we do not know, and so nothing new is written to a device. */
  settleMs: number;
  /** Others that start with us have a chance to be seen before devices are shared out. */
  claimAfterMs: number;
  /** A heartbeat that failed is tried again after this. */
  retryMs: number;
  /** Without an answer after this a request counts as lost, and an entry that was stored and not heard of means a dead watch. */
  answerMs: number;
  /** A claim without an answer after this is given up. */
  claimAnswerMs: number;
  /** How often what the bucket says is compared with what we keep. */
  lookMs: number;
  /** Between the tries of those who may do the same thing, so that one does it. */
  rankMs: number;
  /** A device that was given up for one runner is left to it for so long. */
  reservedMs: number;
  /** A runner that has just joined asks for nothing before: one that comes and goes gets nothing. */
  askAfterMs: number;
  /** What a runner asks for and does not get is asked for after others that wait. */
  askedMs: number;
  /** One that asked for a device and did not take it then, though it is there, does not get it again before. */
  giveAgainMs: number;
  /** How old the last heartbeat may be at a commit or confirm. */
  sureMs: number;
};

/**
 * The right ends 1.5 s before others bury us: for a command that was already sent, clocks that run apart by 0.1 %, and a busy
 * event loop. Three tries of a heartbeat fit before it ends, the last by a new connection.
 */
export const timing: Timing = {
  beatMs: 2_500,
  rightMs: 8_500,
  silenceMs: 10_000,
  settleMs: 10_000,
  claimAfterMs: 3_000,
  retryMs: 250,
  answerMs: 1_500,
  claimAnswerMs: 4_000,
  lookMs: 500,
  rankMs: 500,
  reservedMs: 5_000,
  askAfterMs: 30_000,
  askedMs: 10_000,
  giveAgainMs: 60_000,
  sureMs: 1_000,
};
