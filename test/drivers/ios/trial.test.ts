import { afterEach, describe, expect, it } from 'vitest';
import { type Bench, bench } from '../../../lab/proof/bench.ts';
import { change, commit, fence } from '../../../lab/proof/target.ts';
import { ios } from '../../../runners/drivers/ios/platform.ts';
import { forget } from '../../../runners/session/trial-clock.ts';
import { trialName } from '../../../runners/trial-name.ts';

const config = (more: string, hostname = 'r1') =>
  `version 16.12\nhostname ${hostname}\n!\narchive\n path bootflash:archive\n!\n${more}line vty 0 4\n login local\nend\n`;
const before = config('');
const after = config('interface Loopback7\n ip address 10.0.0.7 255.255.255.255\n!\n');

describe('a trial on IOS, which lists it without a name', () => {
  let bench1: Bench;
  const start = async (options: Partial<Parameters<typeof bench>[2]> = {}) => {
    bench1 = await bench(ios, 'ssh', { platform: 'ios', config: before, ...options });
    return bench1;
  };
  afterEach(() => bench1[Symbol.asyncDispose]());

  it('tells who armed it and how long it has left', async () => {
    const { open, sim } = await start();
    const { name } = await commit(await open(), after, 120);
    sim.device.clock.advance(100_000);
    const trial = await (await open()).pending();
    expect(trial).toMatchObject({ name: trialName(name), owner: 'Plumbline (admin)' });
    const left = (trial?.expiresAt?.getTime() ?? 0) - Date.now();
    expect(left).toBeGreaterThan(5_000);
    expect(left).toBeLessThan(21_000);
  });

  it('is not taken for ours where our user armed another while a file of ours is there', async () => {
    const { open, sim } = await start();
    const session = await open();
    const { trial } = await commit(session, after, 120);
    const files = new Map(sim.device.files); // as if we had died after saving, before the commit
    await trial.undo();
    for (const [file, text] of files) sim.device.files.set(file, text);
    await session.run('configure terminal revert timer 5');
    const next = await open();
    expect(await next.pending()).toMatchObject({ job: undefined, owner: 'admin' });
    await expect((await next.pending())?.undo()).rejects.toMatchObject({ code: 'undo_failed' });
    expect(sim.trial).toBeDefined();
  });

  it('is ours by the names that the bus knows though somebody changed a line meanwhile', async () => {
    const { open, sim } = await start();
    const session = await open();
    const { name } = await commit(session, after, 120);
    await session.run('configure terminal');
    const running = {
      ...sim.device.running,
      children: sim.device.running.children.map((node) =>
        node.text === 'hostname r1' ? { ...node, text: 'hostname theirs' } : node,
      ),
    };
    sim.device.apply(running, 'carol');
    const next = await open();
    expect((await next.pending())?.job).toBeUndefined();
    const trial = await next.pending([trialName(name)]);
    expect(trial?.job).toBe(name.job);
    await trial?.undo();
    expect(sim.running).toContain('hostname r1');
  });

  it('holds for a merge too', async () => {
    const { open, sim } = await start();
    const session = await open();
    const name = change();
    await using candidate = await session.load(
      'interface Loopback8\n ip address 10.0.0.8 255.255.255.255\n',
      'merge',
      name,
    );
    await candidate.commit({ confirmSeconds: 60, fence });
    expect(sim.running).toContain('Loopback8');
    const trial = await (await open()).pending();
    expect(trial?.job).toBe(name.job);
    await trial?.undo();
    expect(sim.running).not.toContain('Loopback8');
  });

  it.each([
    ['replace', 'revert trigger'],
    ['merge', '^configure terminal revert'],
  ] as const)('is not begun for a %s where IOS is too old for its timer', async (mode, match) => {
    const { open, sim } = await start({ faults: { refuse: { match } } });
    const session = await open();
    {
      await using candidate = await session.load(mode === 'replace' ? after : 'interface Loopback8\n', mode, change());
      await expect(candidate.commit({ confirmSeconds: 60, fence })).rejects.toMatchObject({ code: 'unsupported' });
    }
    expect(sim.running).not.toMatch(/Loopback/);
    expect((await session.saved())[0]?.outcome).toBe('undone');
  });

  it('is not begun without tclsh, and says so', async () => {
    const { open } = await start({ faults: { refuse: { match: '^tclsh' } } });
    await expect((await open()).load(after, 'replace', change())).rejects.toMatchObject({ code: 'unsupported' });
  });

  it('is not undone over what somebody changed after its end', async () => {
    const { open, sim } = await start();
    const { trial } = await commit(await open(), after, 60);
    sim.device.clock.advance(61_000);
    expect(sim.trial).toBeUndefined();
    const running = {
      ...sim.device.running,
      children: sim.device.running.children.map((node) =>
        node.text === 'hostname r1' ? { ...node, text: 'hostname theirs' } : node,
      ),
    };
    sim.device.apply(running, 'carol');
    await trial.undo();
    expect(sim.running).toContain('hostname theirs');
  });

  it('has its confirm finished that was cut off before it was saved, by a mark of ours alone', async () => {
    const { open, sim } = await start();
    const { trial, name } = await commit(await open(), after, 120);
    sim.faults.set({ drop: { match: '^write memory', when: 'before' } });
    await expect(trial.confirm()).rejects.toMatchObject({ code: 'closed' });
    sim.faults.set({ drop: null });
    forget(trialName(name)); // as another process finds it
    expect(sim.startup).not.toContain('Loopback7');
    const left = await (await open()).pending();
    expect(left).toMatchObject({ job: name.job, phase: 'confirmed' });
    await left?.confirm();
    expect(sim.startup).toContain('Loopback7');
    expect(await (await open()).pending()).toBeUndefined();
  });

  it('is not believed confirmed where somebody confirmed it: whoever knows it has to look what runs', async () => {
    const { open, sim } = await start();
    const session = await open();
    const { name } = await commit(session, after, 120);
    await session.run('configure confirm');
    expect(await session.pending()).toBeUndefined();
    const known = await session.pending([trialName(name)]);
    expect(known).toMatchObject({ job: name.job, phase: 'over' });
    await known?.undo();
    expect(sim.running).not.toContain('Loopback7');
  });
});
