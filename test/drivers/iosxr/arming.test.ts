import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Bench, bench } from '../../../lab/proof/bench.ts';
import { change, commit, fence, forever } from '../../../lab/proof/target.ts';
import type { Trial } from '../../../runners/driver.ts';
import { iosxr, iosxrCli } from '../../../runners/drivers/iosxr/platform.ts';
import type { WarmSession } from '../../../runners/holding/warm-session.ts';
import { confirmTrial } from '../../../runners/lifecycle/trial/confirm.ts';
import type { TrialContext } from '../../../runners/lifecycle/trial/context.ts';
import { undo } from '../../../runners/lifecycle/trial/undo.ts';
import { openShell } from '../../../runners/session/shell.ts';
import { trialName } from '../../../runners/trial-name.ts';
import { whenAsked } from '../events.ts';
import { onTrial } from '../on-trial.ts';

const before = 'hostname r1\n!\ninterface MgmtEth0/RP0/CPU0/0\n ipv4 address 10.0.0.15 255.255.255.0\n!\nend\n';
const after = before.replace('end\n', 'interface Loopback7\n ipv4 address 10.0.0.7 255.255.255.255\n!\nend\n');

describe('a router with IOS-XR, on which only the session that armed a trial may end it', () => {
  let router: Bench;
  const start = async (options: Partial<Parameters<typeof bench>[2]> = {}) => {
    router = await bench(iosxr, 'ssh', { platform: 'iosxr', config: before, ...options });
    return router;
  };
  afterEach(() => router[Symbol.asyncDispose]());

  /** Somebody's own session, who commits on trial and stays. */
  const somebody = async (...lines: string[]) => {
    const shell = await openShell(router.target, iosxrCli, false, forever);
    for (const line of lines) await shell.send(line, { unchecked: true });
    return shell;
  };

  /** A trial, with a command on the warm session that does not end. */
  const busy = async (work: (context: TrialContext, trial: Trial, warm: WarmSession) => Promise<void>) => {
    const { sim } = await start();
    await using armed = await onTrial(iosxr, router, after);
    const { context, trial } = armed;
    const { warm } = context;
    sim.faults.set({ slow: { match: 'show version', ms: 3_600_000 } });
    const slow = warm.use((session) => session.run('show version', { timeoutMs: 3_600_000 }));
    slow.catch(() => {});
    await work(context, trial, warm);
    expect(warm.busy).toBe(true);
    expect(sim.trial).toBeUndefined();
  };

  it('keeps the session that armed a trial from being logged out', async () => {
    const idle = before.replace('end\n', 'line default\n exec-timeout 3 0\n!\nend\n');
    const { sim, open } = await start({ config: idle });
    const wanted = idle.replace(
      'line default',
      'interface Loopback7\n ipv4 address 10.0.0.7 255.255.255.255\n!\nline default',
    );
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    try {
      const { trial } = await commit(await open(), wanted, 600);
      for (let seconds = 0; seconds < 400; seconds += 20) {
        const typed = whenAsked(sim, /show clock$/);
        sim.device.clock.advance(20_000);
        await vi.advanceTimersByTimeAsync(20_000);
        await typed;
      }
      expect(sim.trial).toBeDefined();
      await trial.confirm();
      expect([sim.trial, sim.running.includes('Loopback7')]).toEqual([undefined, true]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('has a trial confirmed past a command that takes minutes', () =>
    busy(async (context, trial, warm) => {
      await using proven = await warm.fresh(forever);
      await confirmTrial(context, trial, fence, proven);
      expect(router.sim.running).toContain('Loopback7');
    }));

  it('has a trial undone past a command that takes minutes', () =>
    busy(async (context, trial) => {
      expect(await undo(context, trial)).toMatchObject({ by: 'us', seen: { runs: 'old', trial: 'gone' } });
      expect(router.sim.running).not.toContain('Loopback7');
      expect(router.sim.device.history[0]?.client).toBe('Rollback');
    }));

  it('has a foreign trial named and left alone', async () => {
    const { sim, open } = await start();
    await using _shell = await somebody('configure terminal', 'hostname other', 'commit confirmed 300');
    const session = await open();
    const trial = await session.pending();
    expect(trial).toMatchObject({ job: undefined, owner: expect.stringMatching(/^admin on vty\d+$/) });
    await expect(trial?.undo()).rejects.toMatchObject({ code: 'undo_failed' });
    await expect(session.load(after, 'replace', change())).rejects.toMatchObject({ code: 'locked' });
    expect(sim.trial).toBeDefined();
  });

  it('names the one who holds the lock', async () => {
    const { open } = await start();
    await using _shell = await somebody('configure exclusive');
    await expect((await open()).load(after, 'replace', change())).rejects.toMatchObject({
      code: 'locked',
      message: expect.stringMatching(/locked by admin on vty\d+/),
    });
  });

  it('whose parser takes no comment with a trial has it recognised by the names that the bus knows', async () => {
    const { sim, open } = await start({ faults: { refuse: { match: '^commit .*comment' } } });
    const name = change();
    await commit(await open(), after, 120, name);
    expect(sim.device.history[0]?.comment).toBe('');
    const session = await open();
    expect((await session.pending())?.job).toBeUndefined();
    const trial = await session.pending([trialName(name)]);
    expect(trial).toMatchObject({ job: name.job, epoch: 1 });
    const asked = whenAsked(sim, /^show /);
    const undone = trial?.undo(); // waits for the timer: nobody else can
    await asked;
    sim.device.clock.advance(121_000);
    await undone;
    expect(sim.running).not.toContain('Loopback7');
  });

  it('is never rolled back over what somebody committed after the trial had ended', async () => {
    const { sim, open } = await start();
    const { trial } = await commit(await open(), after, 30);
    sim.device.clock.advance(31_000);
    expect(sim.trial).toBeUndefined();
    await using _shell = await somebody('configure terminal', 'hostname other', 'commit');
    await expect(trial.undo()).rejects.toMatchObject({ code: 'undo_failed' });
    await expect(trial.confirm()).rejects.toMatchObject({ code: expect.stringMatching(/commit_failed|closed/) });
    expect(sim.running).toContain('hostname other');
  });
});
