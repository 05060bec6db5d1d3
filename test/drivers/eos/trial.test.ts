import { afterEach, describe, expect, it } from 'vitest';
import { type Bench, bench } from '../../../lab/proof/bench.ts';
import { change, commit } from '../../../lab/proof/target.ts';
import { eos } from '../../../runners/drivers/eos/platform.ts';
import { undo } from '../../../runners/lifecycle/trial/undo.ts';
import { forget } from '../../../runners/session/trial-clock.ts';
import { trialName } from '../../../runners/trial-name.ts';
import { whenAsked } from '../events.ts';
import { onTrial } from '../on-trial.ts';

const config = (version: string, more = '') =>
  `! device: r1 (vEOS-lab, EOS-${version})\n!\nhostname r1\n!\ninterface Ethernet1\n!\n${more}end\n`;
const loopback = 'interface Loopback7\n!\n';

describe.each(['4.28.3M', '4.32.2F'])('a trial on EOS %s', (version) => {
  let switch1: Bench;
  const start = async (options: Partial<Parameters<typeof bench>[2]> = {}) => {
    switch1 = await bench(eos, 'ssh', { platform: 'eos', config: config(version), ...options });
    return switch1;
  };
  const after = config(version, loopback);
  afterEach(() => switch1[Symbol.asyncDispose]());

  it('is listed with its time, whichever clock the switch counts by, and its confirm is finished', async () => {
    const { sim, open } = await start();
    const session = await open();
    const { name } = await commit(session, after, 120);
    sim.device.clock.advance(60_000);
    const trial = await (await open()).pending();
    expect(trial).toMatchObject({ name: trialName(name), phase: 'armed' });
    // the switch is a minute ahead of us, and so is its uptime
    expect(Math.abs((trial?.expiresAt?.getTime() ?? 0) - Date.now() - 60_000)).toBeLessThan(5_000);
    sim.faults.set({ drop: { match: '^write memory', when: 'before' } });
    await expect(trial?.confirm()).rejects.toMatchObject({ code: 'closed' });
    sim.faults.set({ drop: null });
    forget(trialName(name)); // as another process finds it
    const last = await open();
    const cut = await last.pending();
    expect(cut).toMatchObject({ job: name.job, phase: 'confirmed' });
    await cut?.confirm();
    expect(sim.startup).toContain('Loopback7');
    expect(await last.pending()).toBeUndefined();
  });

  it('is not believed confirmed because something else runs than before: it was undone, and somebody changed a line', async () => {
    const { sim, open } = await start();
    const session = await open();
    const { name } = await commit(session, after, 60);
    sim.device.clock.advance(61_000);
    expect(sim.trial).toBeUndefined();
    sim.device.apply({ ...sim.device.running, children: [{ text: 'hostname theirs', children: [] }] }, 'carol');
    expect(await session.pending()).toBeUndefined();
    expect((await session.pending([trialName(name)]))?.phase ?? 'over').toBe('over');
    expect(sim.startup).not.toContain('hostname theirs');
  });

  it('is not confirmed by a session that it has not seen confirmed, and by one that knows it is told to be over', async () => {
    const { sim, open } = await start();
    const session = await open();
    const { name } = await commit(session, after, 120);
    await session.run(`configure session ${trialName(name)} commit`);
    expect(await session.pending()).toBeUndefined();
    const known = await session.pending([trialName(name)]);
    expect(known).toMatchObject({ job: name.job, phase: 'over' });
    await known?.confirm(); // whoever knows it has looked whether its text runs
    expect(sim.startup).toContain('Loopback7');
  });

  it('gets a session that nobody used before, after one that could not be aborted or was committed', async () => {
    const { sim, open } = await start();
    const session = await open();
    const name = change();
    await session.run(`configure session ${trialName(name)}`);
    await session.run('configure session other');
    const { trial } = await commit(session, after, 120, name);
    expect(trial).toMatchObject({ name: `${trialName(name)}-2`, job: name.job });
    expect(await session.pending()).toMatchObject({ job: name.job, epoch: 1, phase: 'armed' });
    await trial.confirm();
    await using again = await session.load(after, 'replace', name);
    expect(await again.diff()).toBe('');
    expect((await session.saved())[0]).toMatchObject({ job: name.job, outcome: 'applied' });
    expect(sim.running).toContain('Loopback7');
  });

  it('is not begun while as many sessions are open as the switch allows, and their owners are named', async () => {
    const { sim, open } = await start();
    const session = await open();
    for (const name of ['a1', 'a2', 'a3', 'a4', 'a5']) await session.run(`configure session ${name}`);
    await expect(session.load(after, 'replace', change())).rejects.toMatchObject({
      code: 'locked',
      message: expect.stringMatching(/too many configuration sessions are open: a1 .*a5 /),
    });
    expect(sim.sessions).toHaveLength(5);
  });

  it('is put back from our file when a check fails that somebody did not wait for', async () => {
    const { sim } = await start();
    await using armed = await onTrial(eos, switch1, after, true);
    const { context } = armed;
    const { warm } = context;
    await warm.use((session) => session.run(`configure session ${context.name} commit`));
    expect(await undo(context)).toMatchObject({ by: 'us', seen: { runs: 'old', trial: 'gone' } });
    expect(sim.running).not.toContain('Loopback7');
    expect((await warm.use((session) => session.saved()))[0]).toMatchObject({ outcome: 'undone' });
  });

  it('is not undone over what somebody committed after it had ended', async () => {
    const { sim, open } = await start();
    const session = await open();
    const { trial } = await commit(session, after, 60);
    sim.device.clock.advance(61_000);
    expect(sim.trial).toBeUndefined();
    sim.device.apply({ ...sim.device.running, children: [{ text: 'hostname theirs', children: [] }] }, 'carol');
    await trial.undo();
    expect(sim.running).toContain('hostname theirs');
    await expect(trial.confirm()).rejects.toMatchObject({ code: 'commit_failed' });
    expect(sim.startup).not.toContain('hostname theirs');
  });

  it('is found by the next session when the connection is lost while the commit goes on', async () => {
    const { sim, open } = await start({ faults: { commitMs: 300 } });
    const session = await open();
    const name = change();
    await using candidate = await session.load(after, 'replace', name);
    const begun = whenAsked(sim, /commit timer/);
    const lost = candidate.commit({ confirmSeconds: 60, fence: () => {} });
    const outcome = expect(lost).rejects.toMatchObject({ code: expect.stringMatching(/closed|unreachable/) });
    await begun;
    sim.device.disconnect();
    await outcome;
    await expect.poll(() => sim.trial).toBeDefined();
    const trial = await (await open()).pending();
    expect(trial).toMatchObject({ job: name.job, phase: 'armed' });
    await trial?.undo();
    expect(sim.running).not.toContain('Loopback7');
  });
});
