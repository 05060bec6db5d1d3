import type { Generation } from '../../../../core/bus.ts';
import { decide } from '../../../../core/wanted/decide.ts';
import { type Held, isHeld, isStopped, type Newest, sourceText } from '../../../../core/wanted/held.ts';
import { type Event, next } from '../../../../core/wanted/next.ts';
import { whatWins as watch } from '../../../../watcher/publishing/what-wins.ts';

/** Everything that people, the source, the store and crashes do to one device. */
export const acts = [
  'commit',
  'revert',
  'hand',
  'same again',
  'cancel',
  'cancel too late',
  'rollback',
  'resume',
  'retry',
  'hold',
  'approve',
  'goes well',
  'fails',
  'takeover',
  'store restored',
] as const;
export type Act = (typeof acts)[number];

type UnderWay = { kind: 'deploy' | 'rollback'; job: string; text: string; before: string };

/** One device with its watcher and its runner, whose rules are the real ones; texts are words. */
export type World = {
  manual: boolean;
  source: string;
  commits: string[];
  head: { generation: Generation; fromSource: boolean } | undefined;
  headBefore: World['head'];
  watcher: { recorded: string | undefined; agreed: string | undefined; seen: Generation | undefined };
  state: Held;
  running: string;
  saved: { text: string; before: string }[];
  underWay: UnderWay | undefined;
  asked: { job: string; text: string; given: boolean } | undefined;
  /** What people took back, by which job, and nobody has named since. */
  takenBack: readonly { text: string; job: string }[];
  /** How often a text was begun on the device since someone said a word. */
  tries: { text: string; count: number };
  /** The text that a rollback went back to, until someone says or publishes something else. */
  wentBackTo: string | undefined;
  /** Rules that were broken. */
  broken: string[];
  clock: number;
};

const beginning = (manual: boolean): World =>
  settle({
    manual,
    source: 'first',
    commits: ['first'],
    head: undefined,
    headBefore: undefined,
    watcher: { recorded: undefined, agreed: undefined, seen: undefined },
    state: { attempt: null, blocked: [], hand: null, said: null },
    running: 'first',
    saved: [],
    underWay: undefined,
    asked: undefined,
    takenBack: [],
    tries: { text: '', count: 0 },
    wentBackTo: undefined,
    broken: [],
    clock: 0,
  });

const start = Date.parse('2026-01-01T00:00:00Z');

/** The next moment, and something new that is named after it. */
const tick = (world: World) => {
  world.clock++;
  return { at: new Date(start + world.clock * 1000).toISOString(), name: `${world.clock}`, by: 'ann' };
};

const apply = (world: World, event: Event): void => {
  world.state = { ...world.state, ...next(world.state, event) };
};

const publish = (world: World, sha256: string, fromSource: boolean): void => {
  const { at } = tick(world);
  world.headBefore = world.head;
  world.head = { generation: { at, sha256, stream: 'one', seq: (world.head?.generation.seq ?? 0) + 1 }, fromSource };
};

const newestOf = ({ head }: World): Newest | undefined => head && { ...head, dryRun: false, forced: false };

/** @returns whether it published */
const watcherLooks = (world: World): boolean => {
  const { source: content, head, state, watcher } = world;
  const { sha256 = '', ...message } = head?.generation ?? {};
  const view = head && {
    stream: 'one',
    seq: 0,
    at: '',
    ...message,
    sha256,
    fromSource: head.fromSource,
    commit: '',
    job: '',
  };
  const { recorded, agreed, seen } = watcher;
  const known = seen && { stream: 'one', seq: seen.seq ?? 0, at: seen.at };
  const decision = watch({
    content,
    head: view,
    recorded,
    agreed,
    blocked: state.blocked,
    tried: state.attempt,
    seen: known,
  });
  if (decision === 'publish') publish(world, content, true);
  const took = decision === 'publish' || decision === 'agree';
  world.watcher = {
    agreed: content,
    recorded: took ? content : (recorded ?? content),
    seen: world.head?.generation,
  };
  return decision === 'publish';
};

/** @returns whether it began something */
const runnerLooks = (world: World): boolean => {
  if (world.underWay) return false;
  const newest = newestOf(world);
  const { source } = world;
  apply(world, { kind: 'looked', newest, source, at: tick(world).at });
  const decision = decide(world.state, newest, source);
  const text = newest?.generation.sha256;
  const { asked } = world;
  if (asked && (asked.text !== text || decision.kind === 'blocked')) {
    apply(world, { kind: 'ended', job: asked.job, outcome: 'superseded', at: tick(world).at });
    world.asked = undefined;
    return true;
  }
  if (decision.kind !== 'deploy' || !newest || text === undefined || (asked && !asked.given)) return false;
  const { at, name } = tick(world);
  const job = asked?.job ?? name;
  if (isStopped(world.state)) world.broken.push(`${text} is deployed while the device is held`);
  if (world.takenBack.some((taken) => taken.text === text))
    world.broken.push(`${text} is deployed, which was taken back`);
  if (world.wentBackTo !== undefined && world.wentBackTo !== text) world.broken.push(`${text} is put over a rollback`);
  if ((newest.generation.seq ?? 0) < (world.state.attempt?.generation.seq ?? 0)) world.broken.push(`${text} is older`);
  apply(world, { kind: 'began', newest, source, job, count: decision.count, at });
  if (world.running === text) {
    apply(world, { kind: 'ended', job, outcome: 'unchanged', at });
  } else if (world.manual && !asked) {
    apply(world, { kind: 'ended', job, outcome: 'awaiting', at });
    world.asked = { job, text, given: false };
    return true;
  } else {
    world.underWay = { kind: 'deploy', job, text, before: world.running };
    world.running = text;
    world.tries = { text, count: world.tries.text === text ? world.tries.count + 1 : 1 };
    if (world.tries.count > 3) world.broken.push(`${text} is begun again and again`);
  }
  world.asked = undefined;
  return true;
};

/** Watcher and runner look until there is nothing left for them to do. */
const settle = (world: World): World => {
  for (let looks = 0; runnerLooks(world) || watcherLooks(world); looks++) {
    if (looks > 20) {
      world.broken.push('watcher and runner never come to rest');
      break;
    }
  }
  return world;
};

const takeBack = (world: World, job: string, texts: readonly (string | undefined)[]): void => {
  const taken = texts.filter((text) => text !== undefined).map((text) => ({ text, job }));
  world.takenBack = [...world.takenBack, ...taken];
};

const name = (world: World, text: string): void => {
  world.takenBack = world.takenBack.filter((taken) => taken.text !== text);
};

/** What is under way comes to its end. */
const end = (world: World, outcome: 'applied' | 'check_failed' | 'cancelled'): void => {
  const { underWay } = world;
  if (!underWay) return;
  const { kind, job, text, before } = underWay;
  world.underWay = undefined;
  if (outcome === 'applied') world.saved = [{ text, before }, ...world.saved];
  else world.running = before;
  if (kind === 'deploy') apply(world, { kind: 'ended', job, outcome, at: tick(world).at });
  if (kind === 'deploy' || outcome === 'applied') return;
  apply(world, { kind: 'rollback failed', job });
  world.takenBack = world.takenBack.filter((taken) => taken.job !== job);
  world.wentBackTo = undefined;
};

const cancel = (world: World): void => {
  const { underWay, asked } = world;
  const { at, by } = tick(world);
  const given = underWay?.kind === 'deploy' ? underWay : asked;
  if (given) {
    apply(world, { kind: 'cancel', job: given.job, sha256: given.text, at, by });
    takeBack(world, given.job, [given.text]);
  }
  end(world, 'cancelled');
  if (underWay || !asked) return;
  world.asked = undefined;
  apply(world, { kind: 'ended', job: asked.job, outcome: 'cancelled', at });
};

/** The job is decided when the word comes. */
const cancelTooLate = (world: World): void => {
  const { underWay } = world;
  if (underWay?.kind !== 'deploy') return;
  const { at, by } = tick(world);
  apply(world, { kind: 'cancel', job: underWay.job, sha256: underWay.text, at, by });
  end(world, 'applied');
};

const rollback = (world: World): void => {
  end(world, 'applied'); // one after the other
  const [last, before] = world.saved;
  if (!last) return;
  const newest = world.head?.generation.sha256;
  const { name: job, at, by } = tick(world);
  const taken = { since: [last.text], newest, source: world.source, backTo: before?.text };
  apply(world, { kind: 'rollback', job, taken, at, by });
  takeBack(world, job, [last.text, newest, before?.text === world.source ? undefined : world.source]);
  world.underWay = { kind: 'rollback', job, text: last.before, before: world.running };
  world.running = last.before;
  world.wentBackTo = last.before;
};

const resume = (world: World): void => {
  const newest = newestOf(world);
  const source = sourceText(newest, world.source);
  if (source === undefined) return;
  const sha256 = newest?.generation.sha256 ?? source;
  const { at, by, name: job } = tick(world);
  apply(world, { kind: 'resume', newest: sha256, source, at, by });
  if (sha256 !== source) takeBack(world, job, [sha256]);
  name(world, source);
};

const takeover = (world: World): void => {
  world.watcher = { ...world.watcher, agreed: undefined, seen: undefined };
  const { underWay } = world;
  if (!underWay) return;
  world.running = underWay.before; // the successor undoes the trial that it finds
  world.underWay = undefined;
};

const revert = (world: World): void => {
  const before = world.commits.at(-2);
  if (before === undefined) return;
  world.commits = [...world.commits, before];
  world.source = before;
};

const commit = (world: World): void => {
  world.source = `commit ${tick(world).name}`;
  world.commits = [...world.commits, world.source];
};

const sameAgain = (world: World): void => {
  const last = world.state.blocked.at(-1);
  if (last) publish(world, last.sha256, false);
};

const retry = (world: World): void => {
  const newest = world.head?.generation.sha256;
  if (newest === undefined || world.asked || isStopped(world.state)) return;
  name(world, newest);
  apply(world, { kind: 'retry', newest, ...tick(world) });
};

/** @param word it is a word on what the device is to run, so that a rollback before it binds nobody any more */
type Doing = { do: (world: World) => void; word: boolean };

const doing: Record<Act, Doing> = {
  commit: { do: commit, word: true },
  revert: { do: revert, word: true },
  hand: { do: (world) => publish(world, `hand ${tick(world).name}`, false), word: true },
  'same again': { do: sameAgain, word: true },
  cancel: { do: cancel, word: false },
  'cancel too late': { do: cancelTooLate, word: false },
  rollback: { do: rollback, word: true },
  resume: { do: resume, word: true },
  retry: { do: retry, word: true },
  hold: { do: (world) => apply(world, { kind: 'hold', reason: 'works', ...tick(world) }), word: false },
  approve: {
    do: (world) => (world.asked &&= { ...world.asked, given: !isStopped(world.state) }),
    word: true,
  },
  'goes well': { do: (world) => end(world, 'applied'), word: false },
  fails: { do: (world) => end(world, 'check_failed'), word: false },
  takeover: { do: takeover, word: false },
  'store restored': { do: (world) => (world.head = world.headBefore ?? world.head), word: true },
};

/** A device that runs the second commit of its source. */
export const begin = (manual: boolean): World => atRest(after(beginning(manual), 'commit'));

/** What becomes of a world when this is done in it; it stays as it was itself. */
export const after = (world: World, what: Act): World => {
  const then: World = { ...world, broken: [] };
  if (doing[what].word) Object.assign(then, { wentBackTo: undefined, tries: { text: '', count: 0 } });
  doing[what].do(then);
  settle(then);
  const held = new Set(then.state.blocked.map(({ sha256 }) => sha256));
  const taken = new Set(then.takenBack.map(({ text }) => text));
  for (const text of held) if (!taken.has(text)) then.broken.push(`${text} is held, and nobody took it back`);
  for (const text of taken) if (!held.has(text)) then.broken.push(`${text} was taken back, and is not held`);
  return then;
};

/** Whatever is under way ends well, and whatever is asked is approved. */
export const atRest = (world: World): World => {
  let then = world;
  for (let tries = 0; tries < 10 && (then.underWay || then.asked); tries++)
    then = after(then, then.underWay ? 'goes well' : 'approve');
  return then;
};

/** Whether a person is told that the device waits for a word. */
export const isTold = ({ state, head, running }: World): boolean =>
  isHeld({ ...state, intent: head ? { generation: head.generation } : null }) ||
  (state.attempt !== null && head?.generation.sha256 !== running);

/** What tells worlds apart but for names and times: texts and jobs by where they first stand, messages by their order. */
export const keyOf = (world: World): string => {
  const { head, headBefore, watcher, state, underWay, asked } = world;
  const names: (string | undefined)[] = [];
  const id = (name: string | undefined) => {
    if (!names.includes(name)) names.push(name);
    return names.indexOf(name);
  };
  const stored = [head?.generation, headBefore?.generation, watcher.seen, state.attempt?.generation];
  const order = (of: (message: Generation) => string | number | undefined) => {
    const values = [...new Set(stored.map((message) => message && of(message)))].sort();
    return stored.map((message) => values.indexOf(message && of(message)));
  };
  return JSON.stringify([
    [world.source, ...world.commits.slice(-2), ...stored.map((message) => message?.sha256)].map(id),
    [order(({ seq }) => seq), order(({ at }) => at), head?.fromSource, headBefore?.fromSource],
    [watcher.recorded, watcher.agreed, world.running, world.wentBackTo].map(id),
    world.saved.slice(0, 2).map(({ text, before }) => [id(text), id(before)]),
    state.attempt && [id(state.attempt.job), state.attempt.outcome, state.attempt.count],
    state.blocked.map(({ sha256, why, job }) => [id(sha256), why, id(job)]),
    state.hand && id(state.hand.sha256),
    underWay && [underWay.kind, id(underWay.job), id(underWay.text), id(underWay.before)],
    isStopped(state),
    asked && [id(asked.job), id(asked.text)],
    world.takenBack.map(({ text, job }) => [id(text), id(job)]),
    [id(world.tries.text), world.tries.count],
  ]);
};
