import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { sh } from '../../lab/frr/shell.ts';
import type { RouterName } from '../../lab/frr/topology.ts';
import { describeLab, labForTest, type TestLab } from '../lab.ts';
import { begin, change, described, fabric, leftovers, settle } from './frr-texts.ts';

const soon = { timeout: 40_000, interval: 100 };

describeLab('a trial on FRR', () => {
  let lab: TestLab;
  beforeAll(async () => {
    lab = await labForTest();
    for (const name of ['spine1', 'leaf1', 'leaf2'] as const) await settle(lab, name, fabric(name));
  });
  afterAll(() => lab[Symbol.asyncDispose]());

  const cut = (name: RouterName, state: 'down' | 'up') => sh('ip link set "$1" "$2"', [lab.router(name).tap, state]);

  it('leaves startup alone until it is confirmed, and then nothing but what was saved before it', async () => {
    await using session = await lab.openSession('spine1');
    const before = await lab.runningConfig('spine1');
    const startup = await lab.startupConfig('spine1');
    const trial = await begin(session, 'spine1', 'confirmed');
    expect(await lab.runningConfig('spine1')).toBe(described('spine1', 'confirmed'));
    expect(await lab.startupConfig('spine1')).toBe(startup);
    expect(trial.expiresAt?.getTime()).toBeGreaterThan(Date.now() + 50_000);
    await trial.confirm();
    expect(await lab.startupConfig('spine1')).toBe(described('spine1', 'confirmed').replace('end\n', ''));
    expect(await leftovers(lab, 'spine1')).toBe('');
    const [newest] = await session.saved();
    expect(newest).toMatchObject({ job: trial.job, sha256: 'a'.repeat(64), outcome: 'applied' });
    expect(await session.savedConfig(trial.job ?? '')).toBe(before);
    await expect(session.savedConfig('0'.repeat(25))).rejects.toMatchObject({ code: 'unknown_job' });
  });

  it('can be confirmed again, and by another session', async () => {
    await using session = await lab.openSession('spine1');
    await using other = await lab.openSession('spine1');
    const trial = await begin(session, 'spine1', 'by another');
    const seen = await other.pending();
    expect(seen).toMatchObject({ name: trial.name, job: trial.job, epoch: 1, phase: 'armed' });
    expect(seen?.owner).toMatch(/^root from 172\.31\.\d+\.1, \d+ s ago$/);
    await seen?.confirm();
    await trial.confirm();
    expect(await other.pending()).toBeUndefined();
  });

  it('is undone to the byte when it is told to, and cannot be confirmed afterwards', async () => {
    await using session = await lab.openSession('spine1');
    const before = await lab.runningConfig('spine1');
    const trial = await begin(session, 'spine1', 'undone');
    await trial.undo();
    expect(await lab.runningConfig('spine1')).toBe(before);
    await trial.undo();
    await expect(trial.confirm()).rejects.toMatchObject({
      code: 'commit_failed',
      message: expect.stringContaining('the router has undone it'),
    });
    expect((await session.saved())[0]).toMatchObject({ job: trial.job, outcome: 'undone' });
    expect(await leftovers(lab, 'spine1')).toBe('');
  });

  it('is undone by the router after our death and the loss of the management path', async () => {
    const before = await lab.runningConfig('leaf1');
    const session = await lab.openSession('leaf1');
    const text = fabric('leaf1').replace('interface lo\n', 'interface eth0\n shutdown\nexit\n!\ninterface lo\n');
    const candidate = await session.load(text, 'replace', change());
    const committed = candidate.commit({ confirmSeconds: 10, fence: () => {} }).catch((error: Error) => error);
    await vi.waitFor(async () => expect(await lab.runningConfig('leaf1')).toContain(' shutdown\n'), soon);
    await cut('leaf1', 'down');
    // every process of our login, with its whole process group
    const logins = `$(pgrep -P $(cat ${lab.folder}/lab/leaf1/sshd.pid))`;
    await lab.console(
      'leaf1',
      `for p in ${logins}; do for c in $(pgrep -P $p); do kill -s KILL -- -$c $c; done; kill -KILL $p; done 2>/dev/null; true`,
    );
    await vi.waitFor(async () => expect(await lab.runningConfig('leaf1')).toBe(before), soon);
    await vi.waitFor(async () => expect(await leftovers(lab, 'leaf1')).toBe(''), soon);
    await cut('leaf1', 'up');
    await session[Symbol.asyncDispose]();
    await committed;
    await using again = await lab.openSession('leaf1');
    expect((await again.saved())[0]).toMatchObject({ outcome: 'undone' });
    expect(await again.pending()).toBeUndefined();
  });

  it('is either confirmed or undone when both are asked for at once, never both and never neither', async () => {
    await using one = await lab.openSession('leaf2');
    await using two = await lab.openSession('leaf2');
    const outcomes = new Set<string>();
    for (let round = 0; round < 2; round++) {
      const before = await lab.runningConfig('leaf2');
      const trial = await begin(one, 'leaf2', `round ${round}`);
      const same = await two.pending();
      const asked = round % 2 === 0 ? [trial.confirm(), same?.undo()] : [same?.confirm(), trial.undo()];
      const [confirmed, undone] = await Promise.allSettled(asked);
      expect([confirmed?.status, undone?.status].sort()).toEqual(['fulfilled', 'rejected']);
      const won = confirmed?.status === 'fulfilled';
      outcomes.add(won ? 'confirmed' : 'undone');
      expect(await lab.runningConfig('leaf2')).toBe(won ? described('leaf2', `round ${round}`) : before);
      expect(await leftovers(lab, 'leaf2')).toBe('');
    }
    expect(outcomes.size).toBeGreaterThan(0);
  });

  it('is undone when its timer runs out, and a confirmation that comes too late says so', async () => {
    await using session = await lab.openSession('leaf2');
    const before = await lab.runningConfig('leaf2');
    const trial = await begin(session, 'leaf2', 'expires', 10);
    await vi.waitFor(async () => expect(await session.pending()).toBeUndefined(), soon);
    expect(await lab.runningConfig('leaf2')).toBe(before);
    await expect(trial.confirm()).rejects.toMatchObject({ code: 'commit_failed' });
  });

  it('keeps others out, and tells them who made it', async () => {
    await using session = await lab.openSession('leaf2');
    await using other = await lab.openSession('leaf2');
    await using early = await other.load(described('leaf2', 'early'), 'replace', change(2));
    const trial = await begin(session, 'leaf2', 'first', 60);
    await expect(other.load(fabric('leaf2'), 'replace', change(2))).rejects.toMatchObject({
      code: 'locked',
      message: expect.stringMatching(new RegExp(`trial ${trial.name} .* root from 172`)),
    });
    await expect(early.commit({ confirmSeconds: 60, fence: () => {} })).rejects.toMatchObject({
      code: expect.stringMatching(/locked|commit_failed/),
    });
    await other.clean(99);
    expect(await other.pending()).toMatchObject({ name: trial.name, phase: 'armed' });
    await trial.undo();
  });

  it('changes nothing when the lease is lost at the last moment', async () => {
    await using session = await lab.openSession('leaf2');
    const before = await lab.runningConfig('leaf2');
    await using candidate = await session.load(described('leaf2', 'fenced'), 'replace', change());
    const fence = () => {
      throw new Error('the lease is lost');
    };
    await expect(candidate.commit({ confirmSeconds: 60, fence })).rejects.toThrow('the lease is lost');
    expect(await lab.runningConfig('leaf2')).toBe(before);
    expect(await leftovers(lab, 'leaf2')).toBe('');
  });

  it('is recognised when the router has rebooted since, and ends with the old configuration', async () => {
    await using session = await lab.openSession('leaf2');
    const before = await lab.runningConfig('leaf2');
    const trial = await begin(session, 'leaf2', 'rebooted');
    const folder = '/run/plumbline/$PS/trial';
    await lab.console(
      'leaf2',
      `kill -KILL $(cut -d' ' -f1 ${folder}/watcher); sed -i s/^boot=.*/boot=before/ ${folder}/meta`,
    );
    const left = await session.pending();
    expect(left).toMatchObject({ phase: 'undoing', job: trial.job, expiresAt: undefined });
    await expect(trial.confirm()).rejects.toMatchObject({ message: expect.stringContaining('rebooted') });
    await left?.undo();
    expect(await lab.runningConfig('leaf2')).toBe(before);
    expect(await leftovers(lab, 'leaf2')).toBe('');
  });

  it('finishes a confirmation that was cut off before it was saved', async () => {
    await using session = await lab.openSession('leaf2');
    const trial = await begin(session, 'leaf2', 'half confirmed');
    await lab.console('leaf2', `cd /run/plumbline/$PS/trial && mv armed.${trial.name} confirmed.${trial.name}`);
    const left = await session.pending();
    expect(left?.phase).toBe('confirmed');
    await left?.confirm();
    expect(await lab.startupConfig('leaf2')).toContain('description half confirmed');
    expect(await leftovers(lab, 'leaf2')).toBe('');
  });

  it('makes sessions that are up feel a changed policy, and its undo, without a flap', async () => {
    await using session = await lab.openSession('spine1');
    const peer = async () => (await session.bgp()).global?.peers['10.0.0.1'];
    const prefixes = async () => (await peer())?.address_family.ipv4?.accepted_prefixes;
    await vi.waitFor(async () => expect(await prefixes()).toBeGreaterThan(0), soon);
    const flaps = (await peer())?.flaps;
    await using candidate = await session.load(
      fabric('spine1').replace('route-map IN permit', 'route-map IN deny'),
      'replace',
      change(),
    );
    const trial = await candidate.commit({ confirmSeconds: 60, fence: () => {} });
    await vi.waitFor(async () => expect(await prefixes()).toBe(0), soon);
    await trial.undo();
    await vi.waitFor(async () => expect(await prefixes()).toBeGreaterThan(0), soon);
    expect((await peer())?.flaps).toBe(flaps);
  });
});
