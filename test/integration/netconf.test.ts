import { writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type NetconfServer, startNetconfd } from '../../lab/netconfd/netconfd.ts';
import { change, commit, forever, targetOf } from '../../lab/proof/target.ts';
import type { Session, Target } from '../../runners/driver.ts';
import { netconf } from '../../runners/drivers/netconf/platform.ts';
import { trialName } from '../../runners/trial-name.ts';
import { describeWith, sshd } from '../real.ts';

const text = (contact: string, more = '') =>
  `<?xml version="1.0"?>\n<config>\n  <system xmlns="urn:ietf:params:xml:ns:yang:ietf-system">\n    <contact>${contact}</contact>\n${more}  </system>\n</config>\n`;

describeWith(['/usr/sbin/netconfd', ...sshd], 'netconfd, a real NETCONF server', () => {
  let server: NetconfServer;
  let target: Target;
  const opened: Session[] = [];
  /** What a test left waiting. */
  const armed: string[] = [];
  const arm = async (session: Session, config: string, seconds?: number) => {
    const done = await commit(session, config, seconds);
    const name = trialName(done.name);
    armed.push(name);
    return { ...done, name, job: done.name.job };
  };
  const open = async () => {
    const session = await netconf.open(target, forever);
    opened.push(session);
    return session;
  };

  beforeAll(async () => {
    server = await startNetconfd();
    target = targetOf({ platform: 'netconf', port: server.login.port }, server.login);
  });
  afterEach(async () => {
    for (const session of opened.splice(0)) await session[Symbol.asyncDispose]();
    const session = await open();
    await (await session.pending(armed.splice(0)))?.undo();
  });
  afterAll(async () => {
    for (const session of opened.splice(0)) await session[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  it('replaces what runs, once the trial is confirmed from a new connection', async () => {
    const session = await open();
    const { name, job } = await arm(session, text('noc@example.net', '    <hostname>r1</hostname>\n'));
    const other = await open();
    const trial = await other.pending([name]);
    expect(trial).toMatchObject({ name, job, epoch: 1, phase: 'armed', owner: 'Plumbline' });
    await trial?.confirm();
    expect(await session.pending()).toBeUndefined();
    const running = await session.config('running');
    expect(netconf.normalise(running)).toBe(
      netconf.normalise(text('noc@example.net', '    <hostname>r1</hostname>\n')),
    );
    expect(netconf.hostname(running)).toBe('r1');
    await using again = await session.load(running, 'replace', change());
    expect(await again.diff()).toBe('');
  });

  it('shows what would change and leaves nothing behind when it is not committed', async () => {
    const session = await open();
    await (await commit(session, text('before'))).trial.confirm();
    {
      await using candidate = await session.load(text('after'), 'replace', change());
      expect(await candidate.diff()).toContain('-  <contact>before</contact>\n+  <contact>after</contact>');
    }
    expect(await session.config('running')).toContain('before');
    await using candidate = await (await open()).load(text('before'), 'replace', change());
    expect(await candidate.diff()).toBe('');
  });

  it('names the line of the file that the server refuses, and runs what it ran', async () => {
    const session = await open();
    const before = await session.config('running');
    const clock = '    <clock>\n      <timezone-utc-offset>99999</timezone-utc-offset>\n    </clock>\n';
    await expect(session.load(text('x', clock), 'replace', change())).rejects.toMatchObject({
      code: 'rejected',
      line: 6,
      message: expect.stringContaining('value not in range'),
    });
    await expect(session.load(text('x', '    <bogus/>\n'), 'replace', change())).rejects.toMatchObject({ line: 5 });
    await expect(session.load(text('x', '    <broken>\n'), 'replace', change())).rejects.toMatchObject({
      code: 'rejected',
      line: 6,
    });
    expect(await session.config('running')).toBe(before);
  });

  it('undoes a trial by itself when nobody confirms it, though the session that armed it is gone', async () => {
    const session = await open();
    await (await commit(session, text('kept'))).trial.confirm();
    await arm(session, text('lost'), 6);
    await session[Symbol.asyncDispose]();
    const other = await open();
    expect(await other.config('running')).toContain('lost');
    // asked seldom: netconfd looks at its timers only when it has nothing else to do
    await expect.poll(() => other.pending(), { timeout: 30_000, interval: 2_000 }).toBeUndefined();
    expect(await other.config('running')).toContain('kept');
  });

  it('takes a trial back at once when asked, from any session', async () => {
    const session = await open();
    await (await commit(session, text('kept'))).trial.confirm();
    const { trial, name } = await arm(session, text('bad'));
    await session[Symbol.asyncDispose]();
    // among names of other attempts: the device takes none but the right one
    await (await (await open()).pending([trialName(change()), name]))?.undo();
    const other = await open();
    expect(await other.pending()).toBeUndefined();
    expect(await other.config('running')).toContain('kept');
    await expect(trial.confirm()).rejects.toMatchObject({ code: 'closed' });
  });

  it('does not confirm a trial that the device has undone', async () => {
    const session = await open();
    const { trial } = await arm(session, text('short'), 1);
    await expect.poll(() => session.pending(), { timeout: 30_000, interval: 2_000 }).toBeUndefined();
    await expect(trial.confirm()).rejects.toMatchObject({ code: 'commit_failed' });
    await trial.undo(); // already undone: nothing to do
  });

  it.each([
    ['a token', '<persist>theirs</persist>', '<persist-id>theirs</persist-id>'],
    ['no token', '', ''],
  ])('never ends a trial of somebody else, with %s, and says that it waits', async (_, persist, id) => {
    const theirs = await open();
    const edit = '<default-operation>merge</default-operation>';
    const config = `<config>${text('foreign').replace(/^<\?xml.*|<\/?config>/gm, '')}</config>`;
    await theirs.run(`<edit-config><target><candidate/></target>${edit}${config}</edit-config>`);
    await theirs.run(`<commit><confirmed/><confirm-timeout>60</confirm-timeout>${persist}</commit>`);
    const other = await open();
    expect(await other.pending()).toMatchObject({ job: undefined, epoch: undefined });
    await expect((await other.pending())?.undo()).rejects.toMatchObject({ code: 'undo_failed' });
    // a successor that thinks that it might be ours asks the device, which refuses
    const trial = await other.pending([trialName(change()), trialName(change())]);
    await expect(trial?.undo()).rejects.toMatchObject({ code: 'locked' });
    await expect(trial?.confirm()).rejects.toMatchObject({ code: 'commit_failed' });
    await expect(other.load(text('mine'), 'replace', change())).rejects.toMatchObject({ code: 'locked' });
    expect(await other.config('running')).toContain('foreign');
    await theirs.run(`<cancel-commit>${id}</cancel-commit>`);
    expect(await other.pending()).toBeUndefined();
  });

  it('names the session that holds the lock', async () => {
    const holder = await open();
    await using _candidate = await holder.load(text('held'), 'merge', change());
    const other = await open();
    await expect(other.load(text('mine'), 'replace', change())).rejects.toMatchObject({
      code: 'locked',
      message: expect.stringMatching(/running is locked by session \d+/),
    });
  });

  it('frees the candidate of a session that died while loading', async () => {
    const session = await open();
    await (await commit(session, text('kept'))).trial.confirm();
    await session.load(text('half'), 'replace', change());
    await server.login.drop();
    await server.login.listen();
    const other = await open();
    await using candidate = await other.load(text('kept'), 'replace', change());
    expect(await candidate.diff()).toBe('');
  });

  it('does not commit when the fence says that the lease is lost', async () => {
    const session = await open();
    const before = await session.config('running');
    await using candidate = await session.load(text('never'), 'replace', change());
    const lost = () => {
      throw new Error('lease lost');
    };
    await expect(candidate.commit({ confirmSeconds: 60, fence: lost })).rejects.toThrow('lease lost');
    expect(await session.pending()).toBeUndefined();
    expect(await session.config('running')).toBe(before);
  });

  it('tells its host name, and null for what it does not tell', async () => {
    const session = await open();
    await (await commit(session, text('x', '    <hostname>r1</hostname>\n'))).trial.confirm();
    expect(await session.facts()).toMatchObject({ hostname: 'r1', uptime: null, vendor: null });
  });

  it('is not talked to when its host key is another one', async () => {
    const other = `${server.login.folder}/other_hosts`;
    const blob = 'AAAAC3NzaC1lZDI1NTE5AAAAIGFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFh';
    writeFileSync(other, `[127.0.0.1]:${server.login.port} ssh-ed25519 ${blob}\n`);
    await expect(netconf.open({ ...target, knownHosts: other }, forever)).rejects.toMatchObject({
      code: 'host_key_changed',
    });
  });
});
