import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { begin, change, described, fabric, leftovers, settle } from '../integration/frr-texts.ts';
import { describeLab, labForTest, type TestLab } from '../lab.ts';

const soon = { timeout: 100_000, interval: 100 };

describeLab('FRR, with much to load', () => {
  let lab: TestLab;
  beforeAll(async () => {
    lab = await labForTest();
    for (const name of ['leaf1', 'leaf2'] as const) await settle(lab, name, fabric(name));
  });
  afterAll(() => lab[Symbol.asyncDispose]());

  it('compares 20,000 lines, and tells which timer applying them takes', async () => {
    await using session = await lab.openSession('leaf2');
    const before = await lab.runningConfig('leaf2');
    const entries = Array.from(
      { length: 20_000 },
      (_, at) => `ip prefix-list BIG seq ${at + 1} permit 10.${at >> 8}.${at & 255}.0/24`,
    );
    const text = `${fabric('leaf2')}${entries.join('\r\n')}`;
    await using candidate = await session.load(text, 'replace', change());
    const diff = await candidate.diff();
    expect(diff.match(/^\+ip prefix-list BIG seq /gm)).toHaveLength(20_000);
    const error: unknown = await candidate.commit({ confirmSeconds: 180, fence: () => {} }).catch((cause) => cause);
    expect(error).toMatchObject({
      code: 'refused',
      hint: expect.stringMatching(/policy\.confirmSeconds to \d+ or more/),
    });
    expect(await lab.runningConfig('leaf2')).toBe(before);
    entries[14_999] = 'ip prefix-lists BIG seq 15000 permit 10.58.151.0/24';
    const bad = `${fabric('leaf2')}${entries.join('\n')}`;
    const line = bad.split('\n').indexOf(entries[14_999] ?? '') + 1;
    await expect(session.load(bad, 'replace', change())).rejects.toMatchObject({ code: 'rejected', line });
  });

  it('undoes a trial while a large change is still being applied', async () => {
    const before = await lab.runningConfig('leaf2');
    const session = await lab.openSession('leaf2');
    const entries = Array.from(
      { length: 500 },
      (_, at) => `ip prefix-list BIG seq ${at + 1} permit 10.${at >> 8}.${at & 255}.0/24`,
    );
    const candidate = await session.load(`${fabric('leaf2')}${entries.join('\n')}\n`, 'replace', change());
    const committed = candidate.commit({ confirmSeconds: 10, fence: () => {} }).catch((error: Error) => error);
    await vi.waitFor(async () => expect(await lab.runningConfig('leaf2')).toContain('BIG seq 5 '), soon);
    await session[Symbol.asyncDispose]();
    await committed;
    await vi.waitFor(async () => expect(await leftovers(lab, 'leaf2')).toBe(''), soon);
    expect(await lab.runningConfig('leaf2')).toBe(before);
  });

  it('undoes a change of which a daemon dies, and names the daemon', async () => {
    const before = await lab.runningConfig('leaf2');
    await using session = await lab.openSession('leaf2');
    const entries = Array.from({ length: 240 }, (_, at) => `ip prefix-list BIG seq ${at + 1} permit 10.0.${at}.0/24`);
    const candidate = await session.load(`${fabric('leaf2')}${entries.join('\n')}\n`, 'replace', change());
    const committed = candidate.commit({ confirmSeconds: 60, fence: () => {} }).catch((error: Error) => error);
    await vi.waitFor(async () => expect(await lab.runningConfig('leaf2')).toContain('BIG seq 5 '), soon);
    await lab.console('leaf2', 'kill -KILL $(cat /var/run/frr/$PS/staticd.pid)');
    expect(await committed).toMatchObject({
      code: 'commit_failed',
      message: expect.stringMatching(/^leaf2: the change crashed staticd of FRR \S+ and was undone/),
    });
    expect(await leftovers(lab, 'leaf2')).toBe('');
    expect(await lab.runningConfig('leaf2')).toBe(before);
    await lab.console('leaf2', '/usr/lib/frr/staticd -d -N $PS -A 127.0.0.1 </dev/null >/dev/null 2>&1');
  });

  it('takes nothing for what runs while a daemon is down that told of a part of it', async () => {
    await using session = await lab.openSession('leaf2');
    const before = await session.config('running');
    await lab.console('leaf2', 'kill -STOP $(cat /var/run/frr/$PS/staticd.pid)');
    const reading = session.config('running').catch((error: Error) => error);
    await lab.console('leaf2', 'kill -KILL $(cat /var/run/frr/$PS/staticd.pid)');
    expect(await reading).toMatchObject({
      code: 'closed',
      message: expect.stringMatching(/part only: staticd is down$/),
    });
    await lab.console('leaf2', '/usr/lib/frr/staticd -d -N $PS -A 127.0.0.1 </dev/null >/dev/null 2>&1');
    await vi.waitFor(async () => expect(await session.config('running')).toBe(before), soon);
  });

  it('keeps the last 10 configurations, where only root may read', async () => {
    await using session = await lab.openSession('leaf1');
    const jobs: string[] = [];
    for (let round = 0; round < 12; round++) {
      const trial = await begin(session, 'leaf1', `kept ${round}`);
      await trial.confirm();
      jobs.unshift(trial.job ?? '');
    }
    const saved = await session.saved();
    expect(saved.map(({ job }) => job)).toEqual(jobs.slice(0, 10));
    expect(await session.savedConfig(jobs[0] ?? '')).toBe(described('leaf1', 'kept 10'));
    const modes = await lab.console('leaf1', 'find /var/lib/plumbline/$PS -printf "%y%m %u\\n" | sort -u');
    expect(modes).toBe('d700 root\nf600 root\n');
  });

  it('has a trial either confirmed or undone when both are asked for at once, never both and never neither, 20 times', async () => {
    await using one = await lab.openSession('leaf2');
    await using two = await lab.openSession('leaf2');
    const outcomes = new Set<string>();
    for (let round = 0; round < 20; round++) {
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
});
