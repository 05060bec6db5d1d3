/** What `GET …/bgp/history` answers, its open spans ended when it was read. */
export type History = {
  seen: readonly { from: string; to: string }[];
  counted: readonly string[];
  sessions: readonly SessionHistory[];
  /** Until when it speaks, in ms: later than the last span where nobody knows what is now. */
  endMs: number;
};

export type SessionHistory = {
  vrf: string;
  peer: string;
  states: readonly { at: string; is: 'up' | 'down' | 'off' | 'gone' | 'unknown'; said?: string; again?: true }[];
  /** One for each of `counted`. */
  prefixes: readonly (number | null)[];
  flaps: number;
};

/** A stretch of time in which a session was one thing; `na`: nobody knows, or it was not configured. */
export type Part = { kind: 'up' | 'down' | 'off' | 'na'; fromMs: number; toMs: number };

const kinds = { up: 'up', down: 'down', off: 'off', gone: 'na', unknown: 'na' } as const;

/** The session of a device, by the names that the page has for it. */
export const sessionIn = (history: History, vrf: string, peer: string): SessionHistory | undefined =>
  history.sessions.find((one) => one.peer === peer && one.vrf === (vrf === '' ? 'global' : vrf));

/** How a session was from one moment on: what was not read is a gap, never what was before it. */
export const partsOf = (
  { seen, endMs }: History,
  { states }: Pick<SessionHistory, 'states'>,
  fromMs: number,
): Part[] => {
  const parts: Part[] = [];
  let doneMs = fromMs;
  const until = (toMs: number, kind: Part['kind']) => {
    const last = parts.at(-1);
    if (toMs <= doneMs) return;
    if (last?.kind === kind) last.toMs = toMs;
    else parts.push({ kind, fromMs: doneMs, toMs });
    doneMs = toMs;
  };
  for (const { from, to } of seen) {
    until(Math.min(Date.parse(from), endMs), 'na');
    const toMs = Math.min(Date.parse(to), endMs);
    for (const [index, { at, is, again }] of states.entries()) {
      const atMs = Date.parse(at);
      if (atMs > toMs) break;
      until(Math.min(atMs, toMs), 'na'); // before its first state
      if (again && atMs >= fromMs && atMs >= Date.parse(from)) parts.push({ kind: 'down', fromMs: atMs, toMs: atMs });
      until(Math.min(Date.parse(states[index + 1]?.at ?? to), toMs), kinds[is]);
    }
    until(toMs, 'na');
  }
  until(endMs, 'na');
  return parts;
};

/** Runs of counts with nothing unknown in between, as points of time and number. */
export const runsOf = (
  { seen, counted }: History,
  { prefixes }: SessionHistory,
  fromMs: number,
): [number, number][][] => {
  const spanOf = (ms: number) => seen.findIndex(({ from, to }) => Date.parse(from) <= ms && ms <= Date.parse(to));
  const runs: [number, number][][] = [];
  let before = -1;
  for (const [index, at] of counted.entries()) {
    const ms = Date.parse(at);
    const number = prefixes[index] ?? null;
    const span = number === null || ms < fromMs ? -1 : spanOf(ms);
    if (number !== null && span >= 0) {
      if (span === before) runs.at(-1)?.push([ms, number]);
      else runs.push([[ms, number]]);
    }
    before = span;
  }
  return runs;
};
