import type { BgpDay } from '../../core/bus.ts';

type Kept = BgpDay['sessions'][number];
/** `to` null: until now. */
type Span = { from: string; to: string | null };
type State = Omit<Kept['states'][number], 'is'> & { is: Kept['states'][number]['is'] | 'unknown' };
type Session = Pick<Kept, 'vrf' | 'peer' | 'remoteAs' | 'prefixes'> & {
  states: State[];
  flaps: number;
  dropped: number;
};

/** What several days say of the sessions of one device, from one moment on. */
type Merged = { seen: Span[]; counted: string[]; sessions: Session[] };

/** A day begins with the span that the one before ended with. */
const spansOf = (days: readonly BgpDay[], from: string, isOpen: boolean): Span[] => {
  const spans = new Map(days.flatMap(({ seen }) => seen).map((span): [string, Span] => [span.from, { ...span }]));
  const last = days.at(-1)?.seen.at(-1)?.from;
  return [...spans.values()]
    .map((span) => (isOpen && span.from === last ? { ...span, to: null } : span))
    .filter(({ to }) => to === null || to >= from)
    .sort((one, other) => (one.from < other.from ? -1 : 1));
};

/** The states of a day behind those of the days before; where some were dropped in between, nobody knows which. */
const following = (before: readonly State[], { states, dropped }: Kept, beforeTo: string): State[] => {
  const fresh = states.filter(({ at, is }) => !before.some((one) => one.at === at && one.is === is));
  const gap: State[] = dropped > 0 && before.length > 0 ? [{ at: beforeTo, is: 'unknown' }] : [];
  return [...before, ...gap, ...fresh];
};

/** How often a session was lost: it went down, or is up anew. One that was shut or removed was meant to go. */
const lossesOf = (states: readonly State[], from: string): number =>
  states.filter(({ at, is, again }, index) => {
    const lost = states[index - 1]?.is === 'up' && is === 'down';
    return at >= from && (again === true || lost);
  }).length;

/**
 * @param days of one device, the oldest first
 * @param from RFC 3339, UTC; of what was before, each session keeps the state that it had then
 * @param isOpen nothing has changed since what was written last
 */
export const mergeDays = (days: readonly BgpDay[], from: string, isOpen: boolean): Merged => {
  const sessions = new Map<string, Session>();
  const counted: string[] = [];
  const untilNow = (prefixes: Session['prefixes']): Session['prefixes'] => [
    ...prefixes,
    ...Array<null>(counted.length - prefixes.length).fill(null),
  ];
  let beforeTo = from;
  for (const day of days) {
    const fresh = day.counted.map((at, index) => ({ at, index })).filter(({ at }) => at >= from);
    for (const one of day.sessions) {
      const { vrf, peer, remoteAs } = one;
      const { states = [], prefixes = [], dropped = 0 } = sessions.get(`${vrf} ${peer}`) ?? {};
      sessions.set(`${vrf} ${peer}`, {
        vrf,
        peer,
        remoteAs,
        states: following(states, one, beforeTo),
        prefixes: [...untilNow(prefixes), ...fresh.map(({ index }) => one.prefixes[index] ?? null)],
        flaps: 0,
        dropped: dropped + one.dropped,
      });
    }
    counted.push(...fresh.map(({ at }) => at));
    beforeTo = day.seen.at(-1)?.to ?? beforeTo;
  }
  const inTime = (session: Session): Session[] => {
    const first = session.states.findLastIndex(({ at }) => at <= from);
    const states = session.states.slice(Math.max(0, first));
    const isOver = states.length === 1 && states[0]?.is === 'gone' && first >= 0;
    const flaps = lossesOf(session.states, from);
    return isOver ? [] : [{ ...session, states, prefixes: untilNow(session.prefixes), flaps }];
  };
  return { seen: spansOf(days, from, isOpen), counted, sessions: [...sessions.values()].flatMap(inTime) };
};
