import { afterEach, describe, expect, it } from 'vitest';
import { type Bench, bench } from '../../../lab/proof/bench.ts';
import { change, commit, fence, forever } from '../../../lab/proof/target.ts';
import { junos } from '../../../runners/drivers/junos/platform.ts';
import { confirmTrial } from '../../../runners/lifecycle/trial/confirm.ts';
import type { TrialContext } from '../../../runners/lifecycle/trial/context.ts';
import { undo } from '../../../runners/lifecycle/trial/undo.ts';
import { Person } from '../../unit/lab/sim/client.ts';
import { whenAsked } from '../events.ts';
import { onTrial } from '../on-trial.ts';

const config = (more: string) =>
  `system {\n    host-name r1;\n    root-authentication {\n        encrypted-password "$6$abc$def";\n    }\n}\n${more}`;
const before = config('');
const after = config('snmp {\n    location there;\n}\n');

describe('a trial on Junos, which anybody confirms', () => {
  let router: Bench;
  const start = async (options: Partial<Parameters<typeof bench>[2]> = {}) => {
    router = await bench(junos, 'ssh', { platform: 'junos', config: before, ...options });
    return router;
  };
  afterEach(() => router[Symbol.asyncDispose]());

  const armed = async (work: (context: TrialContext, person: Person) => Promise<void>) => {
    const { sim } = await start();
    await using on = await onTrial(junos, router, after);
    await using person = await Person.at(sim);
    await work(on.context, person);
  };
  const trialOf = ({ warm, name }: TrialContext) => warm.use((session) => session.pending([name]));

  it('is told from one that waits when somebody checks his candidate, and the job says who confirmed it', () =>
    armed(async (context, person) => {
      for (const line of ['configure', 'commit check', 'exit']) await person.type(line);
      expect(router.sim.trial).toBeUndefined();
      const { warm } = context;
      expect(await warm.use((session) => session.pending())).toBeUndefined();
      const trial = await trialOf(context);
      expect(trial).toMatchObject({ job: context.job, phase: 'confirmed' });
      if (!trial) throw new Error('no trial');
      await using proven = await warm.fresh(forever);
      expect(await confirmTrial(context, trial, fence, proven)).toBe('somebody else');
      expect(router.sim.running).toContain('location');
      expect((await warm.use((session) => session.saved()))[0]).toMatchObject({ job: context.job, outcome: 'applied' });
    }));

  it('is taken back when a check fails, though somebody confirmed it', () =>
    armed(async (context, person) => {
      for (const line of ['configure', 'commit check', 'exit']) await person.type(line);
      expect(await undo(context)).toMatchObject({ by: 'us', seen: { runs: 'old', trial: 'gone' } });
      expect(router.sim.running).not.toContain('location');
      expect((await context.warm.use((session) => session.saved()))[0]).toMatchObject({ outcome: 'undone' });
    }));

  it('is not taken back over what somebody committed on top of it', () =>
    armed(async (context, person) => {
      for (const line of ['configure', 'set system host-name theirs', 'commit', 'exit']) await person.type(line);
      expect(await undo(context)).toMatchObject({ seen: { runs: 'other' }, failure: { code: 'undo_failed' } });
      expect(router.sim.running).toContain('host-name theirs');
    }));

  it('is not taken back a second time over what somebody committed after it had ended', async () => {
    const { sim, open } = await start();
    const { trial } = await commit(await open(), after, 60);
    sim.device.clock.advance(61_000);
    expect(sim.running).not.toContain('location');
    await using person = await Person.at(sim);
    for (const line of ['configure', 'set system host-name theirs', 'commit', 'exit']) await person.type(line);
    await trial.undo();
    await expect(trial.confirm()).rejects.toMatchObject({ code: 'commit_failed' });
    expect(sim.running).toContain('host-name theirs');
  });

  it('is not confirmed with what somebody has typed and not committed', () =>
    armed(async (context, person) => {
      for (const line of ['configure', 'set system host-name theirs']) await person.type(line);
      const trial = await trialOf(context);
      await expect(trial?.confirm()).rejects.toMatchObject({ code: 'locked' });
      expect(router.sim.running).not.toContain('theirs');
    }));

  it('gives the lock back when its commit fails', async () => {
    const { sim, open } = await start();
    const session = await open();
    {
      await using candidate = await session.load(after, 'replace', change());
      sim.faults.set({ failCommit: 'error: no space left' });
      await expect(candidate.commit({ confirmSeconds: 60, fence })).rejects.toMatchObject({ code: 'commit_failed' });
    }
    sim.faults.set({ failCommit: null });
    await using other = await (await open()).load(after, 'replace', change());
    expect(await other.diff()).not.toBe('');
  });

  it('is good though the lock could not be given back after the commit', async () => {
    const { sim, open } = await start();
    const session = await open();
    const name = change();
    await using candidate = await session.load(after, 'replace', name);
    sim.faults.set({ drop: { match: '^(?:exit|rollback 0)', when: 'before' } });
    await candidate.commit({ confirmSeconds: 60, fence });
    sim.faults.set({ drop: null });
    expect(await (await open()).pending()).toMatchObject({ job: name.job, phase: 'armed' });
  });

  it('is found by the next session when the connection is lost while the commit goes on', async () => {
    const { sim, open } = await start({ faults: { commitMs: 300 } });
    const session = await open();
    const name = change();
    await using candidate = await session.load(after, 'replace', name);
    const begun = whenAsked(sim, /commit confirmed/);
    const lost = candidate.commit({ confirmSeconds: 60, fence });
    const outcome = expect(lost).rejects.toMatchObject({ code: expect.stringMatching(/closed|unreachable/) });
    await begun;
    sim.device.disconnect();
    await outcome;
    await expect.poll(() => sim.trial).toBeDefined();
    const trial = await (await open()).pending();
    expect(trial).toMatchObject({ job: name.job });
    await trial?.undo();
    expect(sim.running).not.toContain('location');
  });
});
