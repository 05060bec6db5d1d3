import type { BgpDay, BgpFlap } from '../../../core/bus.ts';
import type { Seen } from './ends.ts';

type Session = BgpDay['sessions'][number];

/** Devices round the uptime of a session, and answer some time after they were asked. */
const slackMs = 5_000;
/** Times of a day at which looking began anew. */
const mostGaps = 200;
/** A look in between is for changes larger than this part of what was counted last. */
const movedBy = 0.1;

const iso = (ms: number): string => new Date(ms).toISOString();
const keyOf = ({ vrf, peer }: Pick<Session, 'vrf' | 'peer'>): string => `${vrf} ${peer}`;

/** When the device was looked at last, by whomever; undefined: never. */
export const lastLookOf = ({ seen }: BgpDay): number | undefined => {
  const { to } = seen.at(-1) ?? {};
  return to === undefined ? undefined : Date.parse(to);
};

/** Another look, at which the device answered. @param goesOn it was looked at all the time since the last one */
export const noteLook = (day: BgpDay, nowMs: number, goesOn: boolean): void => {
  const last = day.seen.at(-1);
  if (goesOn && last) last.to = iso(nowMs);
  else day.seen = [...day.seen, { from: iso(nowMs), to: iso(nowMs) }].slice(-mostGaps);
};

/** How a session stands now, as the next of its states; undefined: as before. */
const nextOf = (before: Session, seen: Seen, nowMs: number, lastMs: number): Session['states'][number] | undefined => {
  const was = before.states.at(-1)?.is;
  const upSince = seen.uptimeMs === null ? undefined : nowMs - seen.uptimeMs;
  const again = was === 'up' && seen.is === 'up' && upSince !== undefined && upSince > lastMs + slackMs;
  if (was === seen.is && !again) return undefined;
  return {
    at: iso(Math.max(lastMs, upSince ?? nowMs)),
    is: seen.is,
    ...(seen.said === '' ? {} : { said: seen.said }),
    ...(again ? { again } : {}),
  };
};

/**
 * Notes how the sessions stand.
 *
 * @returns the flaps, and whether anything is new; a session that was not there before is new and no flap
 */
export const noteStates = (day: BgpDay, seen: readonly Seen[], nowMs: number): { flaps: BgpFlap[]; isNew: boolean } => {
  const lastMs = lastLookOf(day) ?? nowMs;
  const known = new Map(day.sessions.map((session) => [keyOf(session), session]));
  const flaps: BgpFlap[] = [];
  let isNew = false;
  const push = (session: Session, state: Session['states'][number]) => {
    const was = session.states.at(-1)?.is ?? state.is;
    const { vrf, peer } = session;
    session.states.push(state);
    flaps.push({ vrf, peer, at: state.at, was, is: state.is, said: state.said ?? '' });
  };
  for (const one of seen) {
    const { vrf, peer, remoteAs, is, said } = one;
    const session = known.get(keyOf(one));
    known.delete(keyOf(one));
    const next = session && nextOf(session, one, nowMs, lastMs);
    if (session) session.remoteAs = remoteAs;
    if (session && next) push(session, next);
    if (session) continue;
    isNew = true;
    const states = [{ at: iso(nowMs), is, ...(said === '' ? {} : { said }) }];
    day.sessions.push({ vrf, peer, remoteAs, states, dropped: 0, prefixes: day.counted.map(() => null) });
  }
  for (const session of known.values())
    if (session.states.at(-1)?.is !== 'gone') push(session, { at: iso(nowMs), is: 'gone' });
  return { flaps, isNew: isNew || flaps.length > 0 };
};

const prefixesIn = (seen: readonly Seen[]): Map<string, number | null> =>
  new Map(seen.map((one) => [keyOf(one), one.prefixes]));

/** Whether a session receives more than a tenth more or less than at the last count, or was not up at one of the two. */
export const hasMoved = (day: BgpDay, seen: readonly Seen[]): boolean => {
  const now = prefixesIn(seen);
  return day.sessions.some((session) => {
    const [before, after] = [session.prefixes.at(-1) ?? null, now.get(keyOf(session)) ?? null];
    if (before === null || after === null) return before !== after;
    return Math.abs(after - before) > before * movedBy;
  });
};

export const notePrefixes = (day: BgpDay, seen: readonly Seen[], nowMs: number): void => {
  const now = prefixesIn(seen);
  day.counted.push(iso(nowMs));
  for (const session of day.sessions) session.prefixes.push(now.get(keyOf(session)) ?? null);
};

/** What the next day begins with: how each session stands, and since when. */
export const nextDay = (day: BgpDay): BgpDay => ({
  ...day,
  seen: day.seen.slice(-1),
  counted: [],
  sessions: day.sessions
    .filter(({ states }) => states.at(-1)?.is !== 'gone')
    .map((session) => ({ ...session, states: session.states.slice(-1), dropped: 0, prefixes: [] })),
});

/** Makes room, the oldest first, until it fits: counts, then states, then sessions that are gone. */
export const makeRoom = (day: BgpDay, bytes: number): void => {
  const isTooLarge = () => Buffer.byteLength(JSON.stringify(day)) > bytes;
  while (isTooLarge() && day.counted.length > 2) {
    const from = Math.ceil(day.counted.length / 2);
    day.counted = day.counted.slice(from);
    for (const session of day.sessions) session.prefixes = session.prefixes.slice(from);
  }
  while (isTooLarge() && day.sessions.some(({ states }) => states.length > 1)) {
    for (const session of day.sessions) {
      const kept = session.states.slice(Math.floor(session.states.length / 2));
      session.dropped += session.states.length - kept.length;
      session.states = kept;
    }
  }
  if (isTooLarge()) day.sessions = day.sessions.filter(({ states }) => states.at(-1)?.is !== 'gone');
};
