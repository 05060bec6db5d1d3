import { describe, expect, it } from 'vitest';
import { type FailureCode, PlumbError } from '../../../../core/errors.ts';
import { sha256 } from '../../../../core/store/payload.ts';
import { WarmSession } from '../../../../runners/holding/warm-session.ts';
import { outcomeOf } from '../../../../runners/lifecycle/outcome.ts';
import type { TrialContext } from '../../../../runners/lifecycle/trial/context.ts';
import { undo } from '../../../../runners/lifecycle/trial/undo.ts';
import { FakeDevice } from '../../../fake-device.ts';
import { leaseForTest } from '../../../lease.ts';

const old = 'hostname leaf1\n';
const wanted = `${old}ntp server 10.0.0.1\n`;
const job = 'j'.repeat(20);

/** What the device comes to run while it is undone. */
type Comes = 'old' | 'new' | 'other' | 'unreadable' | 'armed';
const comes: Comes[] = ['old', 'new', 'other', 'unreadable', 'armed'];
const codes: (FailureCode | undefined)[] = [
  undefined,
  'undo_failed',
  'locked',
  'rejected',
  'commit_failed',
  'closed',
  'timeout',
  'unreachable',
];

const told = {
  old: { runs: 'old', trial: 'gone', word: 'check_failed' },
  new: { runs: 'new', trial: 'gone', word: 'not_converged' },
  other: { runs: 'other', trial: 'gone', word: 'undo_failed' },
  unreadable: { runs: 'unknown', trial: 'unknown', word: 'undo_failed' },
  armed: { runs: 'unknown', trial: 'pending', word: 'undo_failed' },
} as const satisfies Record<Comes, object>;

const undone = async (code: FailureCode | undefined, what: Comes) => {
  const device = new FakeDevice(old);
  const { driver } = device;
  const lease = leaseForTest('leaf1', 'me', 1);
  await using warm = new WarmSession(
    () => driver.open({} as never, lease.signal),
    lease,
    () => {},
  );
  const change = { job, epoch: 1, sha256: 'a'.repeat(64) };
  await warm.use(async (session) => {
    await using candidate = await session.load(wanted, 'replace', change);
    await candidate.commit({ confirmSeconds: 600, fence: () => {} });
  });
  device.on = (operation) => {
    if (operation === 'undo') {
      const { trial } = device;
      if (what === 'old') device.undo();
      else if (trial && what !== 'armed') {
        clearTimeout(trial.timer);
        device.trial = undefined;
        if (what === 'other') device.running = `${old}by hand\n`;
      }
      if (code || what === 'armed') throw new PlumbError(code ?? 'locked', 'fake: it was not undone');
    }
    if (operation === 'config' && what === 'unreadable') throw new PlumbError('timeout', 'fake: no answer');
  };
  const nowMs = performance.now();
  const context: TrialContext = {
    device: 'leaf1',
    driver,
    warm,
    job,
    name: `plumb-${job}-1`,
    beforeSha256: sha256(old),
    expiresMs: nowMs + 600_000,
    latestMs: nowMs - 50_000, // and a minute of grace: the device has ten seconds, and is believed after five
    lease,
    isNew: async (session) => {
      await using loaded = await session.load(wanted, 'replace', change);
      return (await loaded.diff()) === '';
    },
  };
  const { seen, failure } = await undo(context);
  const why = new PlumbError('check_failed', `leaf1: no session${failure ? `; the undo: ${failure.message}` : ''}`);
  const { outcome, left } = outcomeOf('leaf1', why, seen);
  clearTimeout(device.trial?.timer);
  return { seen, outcome, left };
};

const every = comes.flatMap((what) => codes.map((code) => ({ what, code })));

describe('an undo', () => {
  it(`is told by what runs after it, whatever it threw (${every.length} times)`, async () => {
    const found = await Promise.all(every.map(async (one) => ({ ...one, ...(await undone(one.code, one.what)) })));
    for (const { what, code, seen, outcome, left } of found) {
      const { runs, trial, word } = told[what];
      const name = `${what} after ${code ?? 'nothing'}`;
      expect(seen, name).toMatchObject({ runs, trial });
      expect(outcome, name).toMatchObject({
        kind: 'failed',
        code: word,
        detail: expect.stringContaining('no session'),
      });
      expect(left, name).toBe(what === 'old');
    }
  });
});
