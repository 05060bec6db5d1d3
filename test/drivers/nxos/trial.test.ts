import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Bench, bench } from '../../../lab/proof/bench.ts';
import { change, commit } from '../../../lab/proof/target.ts';
import { nxos } from '../../../runners/drivers/nxos/platform.ts';
import { forget } from '../../../runners/session/trial-clock.ts';
import { trialName } from '../../../runners/trial-name.ts';

const config = (more: string) => `version 10.3(4a) Bios:version\nhostname r1\n\n${more}line vty\n`;
const before = config('');
const after = config('interface loopback7\n  ip address 10.0.0.7/32\n\n');

describe('a trial on NX-OS, which lists none', () => {
  let bench1: Bench;
  const start = async (options: Partial<Parameters<typeof bench>[2]> = {}) => {
    bench1 = await bench(nxos, 'ssh', { platform: 'nxos', config: before, ...options });
    return bench1;
  };
  afterEach(() => bench1[Symbol.asyncDispose]());

  it('is known by the checkpoint of before, which tells how long it has left', async () => {
    const { open, sim } = await start();
    const { name } = await commit(await open(), after, 120);
    sim.device.clock.advance(100_000);
    const trial = await (await open()).pending();
    expect(trial).toMatchObject({ name: trialName(name), owner: 'Plumbline (admin)', phase: 'armed' });
    const left = (trial?.expiresAt?.getTime() ?? 0) - Date.now();
    expect(left).toBeGreaterThan(5_000);
    expect(left).toBeLessThan(21_000);
  });

  it('has its confirm finished that was cut off before it was saved', async () => {
    const { open, sim } = await start();
    const session = await open();
    const { trial, name } = await commit(session, after, 120);
    sim.faults.set({ drop: { match: '^copy running-config startup', when: 'before' } });
    await expect(trial.confirm()).rejects.toMatchObject({ code: 'closed' });
    sim.faults.set({ drop: null });
    forget(trialName(name)); // as another process finds it
    sim.device.clock.advance(3_600_000); // what the switch prints of times tells nothing
    const next = await (await open()).pending();
    expect(next?.phase).toBe('confirmed');
    await next?.confirm();
    expect(sim.startup).toContain('loopback7');
    expect(await (await open()).pending()).toBeUndefined();
    expect(sim.sessions).toEqual([]);
  });

  it('is taken back where somebody confirmed it and nobody ever checked it', async () => {
    const { open, sim } = await start();
    const session = await open();
    await commit(session, after, 120);
    await session.run('configure replace commit');
    sim.device.clock.advance(130_000);
    const trial = await (await open()).pending();
    expect(trial).toMatchObject({ phase: 'armed' });
    await trial?.undo();
    expect(sim.running).not.toContain('loopback7');
  });

  it('is not undone or confirmed over what somebody changed after its end, and is over when its time is', async () => {
    const { open, sim } = await start();
    const session = await open();
    const { trial } = await commit(session, after, 120);
    sim.device.clock.advance(130_000);
    expect(sim.running).not.toContain('loopback7');
    sim.device.apply(
      {
        ...sim.device.running,
        children: sim.device.running.children.map((node) =>
          node.text === 'hostname r1' ? { ...node, text: 'hostname theirs' } : node,
        ),
      },
      'carol',
    );
    await expect(trial.confirm()).rejects.toMatchObject({ code: 'commit_failed' });
    expect(sim.startup).not.toContain('theirs');
    const next = await open();
    const now = performance.now.bind(performance);
    let laterMs = 125_000;
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => now() + laterMs);
    try {
      const left = await next.pending();
      await expect(left?.undo()).rejects.toMatchObject({ code: 'locked' });
      await expect(next.load(before, 'replace', change())).rejects.toMatchObject({ code: 'locked' });
      expect(await next.clean(2)).toEqual([]);
      laterMs += 185_000;
      expect(await next.pending()).toBeUndefined();
      expect(await next.clean(2)).toContainEqual(expect.stringMatching(/^checkpoint plumb-/));
      expect(sim.running).toContain('hostname theirs');
      expect(sim.sessions).toEqual([]);
    } finally {
      clock.mockRestore();
    }
  });

  it('is not begun while one of somebody else waits', async () => {
    const { open, sim } = await start();
    const session = await open();
    sim.device.files.set('theirs', sim.running.replace('hostname r1', 'hostname theirs'));
    await session.run('configure replace bootflash:theirs commit-timeout 300');
    await expect(commit(await open(), after, 120)).rejects.toMatchObject({ code: 'locked' });
    expect(sim.running).toContain('hostname theirs');
    expect(sim.trial).toBeDefined();
  });

  it.each(['^configure replace', 'commit-timeout'])('is not begun where the switch knows no "%s"', async (match) => {
    const { open, sim } = await start({ faults: { refuse: { match } } });
    await expect(commit(await open(), after, 120)).rejects.toMatchObject({ code: 'unsupported' });
    expect(sim.running).not.toContain('loopback7');
    expect(sim.sessions).toEqual([]);
  });

  it('is not begun without tclsh, and says so', async () => {
    const { open } = await start({ faults: { refuse: { match: '^tclsh' } } });
    await expect((await open()).load(after, 'replace', change())).rejects.toMatchObject({
      code: 'unsupported',
      message: 'r1: it has no tclsh, by which a text gets to its flash',
    });
  });

  it('is not begun for a merge: nothing would undo it', async () => {
    const { open } = await start();
    await expect((await open()).load(after, 'merge', change())).rejects.toMatchObject({ code: 'unsupported' });
  });
});
