import { spawn } from 'node:child_process';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { describeLab, labForTest, type TestLab } from '../lab.ts';
import { canary, change, fabric, leftovers, settle, watchArguments } from './frr-texts.ts';

describeLab('a text that is loaded on FRR', () => {
  let lab: TestLab;
  beforeAll(async () => {
    lab = await labForTest();
    await settle(lab, 'spine1', fabric('spine1'));
  });
  afterAll(() => lab[Symbol.asyncDispose]());

  it('is refused with the number and the text of its line, and the router stays as it is', async () => {
    await using session = await lab.openSession('spine1');
    const before = await lab.runningConfig('spine1');
    const text = fabric('spine1').replace(' timers bgp 1 3', ' timers bgpp 1 3');
    const line = text.split('\n').findIndex((one) => one.includes('bgpp')) + 1;
    await expect(session.load(text, 'replace', change())).rejects.toMatchObject({
      code: 'rejected',
      line,
      message: expect.stringMatching(
        new RegExp(`^spine1: FRR refuses line ${line}: % Unknown command.*timers bgpp 1 3`),
      ),
    });
    expect(await lab.runningConfig('spine1')).toBe(before);
    expect(await leftovers(lab, 'spine1')).toBe('');
  });

  it('is refused where only a daemon refuses a line, before the router has felt anything of it', async () => {
    await using session = await lab.openSession('spine1');
    const before = await lab.runningConfig('spine1');
    const startup = await lab.startupConfig('spine1');
    const text = fabric('spine1').replace(
      ' timers bgp 1 3\n',
      ' timers bgp 1 3\n bgp cluster-id 9.9.9.9\n neighbor 10.9.9.9 peer-group NOBODY\n',
    );
    await expect(session.load(text, 'replace', change())).rejects.toMatchObject({
      code: 'rejected',
      line: text.split('\n').findIndex((one) => one.includes('NOBODY')) + 1,
      message: expect.stringContaining('% Configure the peer-group first'),
    });
    expect(await lab.runningConfig('spine1')).toBe(before);
    expect(await lab.startupConfig('spine1')).toBe(startup);
    expect(await leftovers(lab, 'spine1')).toBe('');
  });

  it('is tried out beside the router, and nothing of that stays: no process, no interface, no mount, no file', async () => {
    await using session = await lab.openSession('spine1');
    const traces = () =>
      lab.console(
        'spine1',
        'ip -o link | cut -d: -f2; ip -o addr | grep 203.0.113; ip route show 192.0.2.0/24; mount | grep plumbline; ls -A /etc/frr/plumbline /var/run/frr/plumbline /tmp/frr-scratch.log 2>&1; true',
      );
    const before = await traces();
    const text = fabric('spine1').replace(
      'interface lo\n',
      'log file /tmp/frr-scratch.log\nip route 192.0.2.0/24 Null0\ninterface eth2\n ip address 203.0.113.1/24\nexit\n!\ninterface lo\n',
    );
    await using candidate = await session.load(text, 'replace', change());
    expect(await candidate.diff()).toContain('+ ip address 203.0.113.1/24');
    expect(await traces()).toBe(before);
    await candidate[Symbol.asyncDispose]();
    expect(await leftovers(lab, 'spine1')).toBe('');
  });

  it('leaves nothing running beside the router when its session dies, though a daemon there hangs', async () => {
    const session = await lab.openSession('spine1');
    const tried = () =>
      lab.console('spine1', 'ps -eo pid,ppid,args | grep "[p]lumbline/$PS/c-.*/scratch" | cut -c 1-200; true');
    const text = fabric('spine1').replace(' timers bgp 1 3', ' timers bgp 5 15');
    const loaded = session.load(text, 'replace', change()).catch((error: Error) => error);
    await vi.waitFor(async () => expect(await tried()).toContain('unshare'), { timeout: 20_000, interval: 5 });
    // its daemons are the only processes that are not in the lab's namespaces but below that one
    await lab.console(
      'spine1',
      'set -- $(pgrep -f "plumbline/$PS/c-.*/scratch"); for n in 1 2 3 4; do set -- "$@" $(for p in "$@"; do pgrep -P $p; done); done; for p in "$@"; do case $(cat /proc/$p/comm) in bgpd|vtysh) kill -STOP $p;; esac; done 2>/dev/null; true',
    );
    await session[Symbol.asyncDispose]();
    await loaded;
    await vi.waitFor(async () => expect(await tried()).toBe(''), { timeout: 20_000, interval: 50 });
    await using again = await lab.openSession('spine1');
    await again.clean(99);
    expect(await leftovers(lab, 'spine1')).toBe('');
  });

  it('is compared by the router, each line under its contexts', async () => {
    await using session = await lab.openSession('spine1');
    const text = fabric('spine1')
      .replace(' timers bgp 1 3', ' timers bgp 2 6')
      .replace('  redistribute connected\n', '')
      .replace('interface lo\n', 'interface lo\n description loopback\n');
    await using candidate = await session.load(text, 'replace', change());
    expect(await candidate.diff()).toBe(`\
 interface lo
+ description loopback
 router bgp 65000
- timers bgp 1 3
+ timers bgp 2 6
  address-family ipv4 unicast
-  redistribute connected
`);
    expect(candidate.unstable).toEqual([]);
  });

  it('is equal where only lines differ that never compare equal, and these are named', async () => {
    await using session = await lab.openSession('spine1');
    const text = fabric('spine1')
      .replace('hostname spine1', 'hostname elsewhere\nline vty\n!\nip forwarding')
      .replace(' timers bgp 1 3', ' no bgp log-neighbor-changes\n timers bgp 1 3');
    await using candidate = await session.load(text, 'replace', change());
    expect(await candidate.diff()).toBe('');
    expect([...candidate.unstable].sort()).toEqual([
      'hostname elsewhere',
      'ip forwarding',
      'line vty',
      'no bgp log-neighbor-changes',
    ]);
  });

  it('may have the line ends and comments of an editor', async () => {
    await using session = await lab.openSession('spine1');
    const text = fabric('spine1')
      .replaceAll('\n', '\r\n')
      .replace('router bgp', '! the fabric\r\n# by hand\r\nrouter bgp');
    await using candidate = await session.load(text, 'replace', change());
    expect(await candidate.diff()).toBe('');
  });

  it('is refused where it asks for other defaults, which a running FRR cannot take', async () => {
    await using session = await lab.openSession('spine1');
    const text = fabric('spine1').replace('frr defaults traditional', 'frr defaults datacenter');
    await expect(session.load(text, 'replace', change())).rejects.toMatchObject({ code: 'rejected', line: 2 });
    await using candidate = await session.load(text.replace('frr defaults datacenter\n', ''), 'replace', change());
    expect(await candidate.diff()).toBe('');
  });

  it('removes a password, and brings it back with the undo', async () => {
    await using session = await lab.openSession('leaf1');
    await settle(lab, 'leaf1', fabric('leaf1').replace('!\n', `password ${canary}\nenable password ${canary}\n!\n`));
    const before = await lab.runningConfig('leaf1');
    using watched = watchArguments();
    await using candidate = await session.load(fabric('leaf1'), 'replace', change());
    expect(await candidate.diff()).toBe(`-password ${canary}\n-enable password ${canary}\n`);
    const trial = await candidate.commit({ confirmSeconds: 60, fence: () => {} });
    expect(await lab.runningConfig('leaf1')).toBe(fabric('leaf1'));
    await trial.undo();
    expect(await lab.runningConfig('leaf1')).toBe(before);
    expect([...watched.seen].join('\n')).not.toContain(canary);
    await settle(lab, 'leaf1', fabric('leaf1'));
    expect(await lab.runningConfig('leaf1')).toBe(fabric('leaf1'));
  });

  it('keeps its secrets out of the arguments of processes, those that come and those that go', async () => {
    await using session = await lab.openSession('spine1');
    const text = fabric('spine1')
      .replace('10.0.0.1 password plumb-canary', '10.0.0.1 password plumb-canary-2')
      .replace(' neighbor 10.0.0.3 password plumb-canary\n', '');
    using watched = watchArguments();
    const control = spawn('sh', ['-c', 'read -r over', 'control-of-this-test']);
    await expect.poll(() => [...watched.seen].join('\n')).toContain('control-of-this-test');
    control.stdin.end();
    await using candidate = await session.load(text, 'replace', change());
    const trial = await candidate.commit({ confirmSeconds: 60, fence: () => {} });
    expect(await lab.runningConfig('spine1')).toBe(text);
    await trial.undo();
    expect(await lab.runningConfig('spine1')).toBe(fabric('spine1'));
    const seen = [...watched.seen].join('\n');
    expect(seen).toContain('vtysh -N plumbline'); // tried out
    expect(seen).not.toContain(canary);
  });

  it('is merged: what it does not name stays', async () => {
    await using session = await lab.openSession('leaf2');
    await settle(lab, 'leaf2', fabric('leaf2'));
    const lines =
      'interface lo\n description merged\nexit\nno ip prefix-list LOOPBACKS seq 5\nno ip prefix-list OTHER\n';
    await using candidate = await session.load(lines, 'merge', change());
    expect(await candidate.diff()).toContain('+ description merged');
    expect(await candidate.diff()).not.toContain('router bgp');
    const trial = await candidate.commit({ confirmSeconds: 60, fence: () => {} });
    const running = await lab.runningConfig('leaf2');
    expect(running).toContain(' description merged\n');
    expect(running).toContain('router bgp 65002\n');
    expect(running).not.toContain('LOOPBACKS seq 5');
    await trial.undo();
    expect(await lab.runningConfig('leaf2')).toBe(fabric('leaf2'));
  });

  it('leaves nothing on the router when it is discarded, or cleaned up by a successor', async () => {
    await using session = await lab.openSession('spine1');
    const candidate = await session.load(fabric('spine1'), 'replace', change(7));
    expect(await leftovers(lab, 'spine1')).toMatch(/^c-7-/);
    expect(await session.clean(7)).toEqual([]);
    expect(await session.clean(8)).toEqual([expect.stringMatching(/^candidate c-7-/)]);
    await candidate[Symbol.asyncDispose]();
    await using _other = await session.load(fabric('spine1'), 'replace', change(7));
    await _other[Symbol.asyncDispose]();
    expect(await leftovers(lab, 'spine1')).toBe('');
  });

  it('is not committed when someone changed the router since it was compared', async () => {
    await using session = await lab.openSession('leaf2');
    await using candidate = await session.load(fabric('leaf2').replace('ge 32', 'ge 31'), 'replace', change());
    await lab.vtysh('leaf2', 'configure', 'interface lo', 'description by hand');
    await expect(candidate.commit({ confirmSeconds: 60, fence: () => {} })).rejects.toMatchObject({
      code: 'commit_failed',
      message: expect.stringContaining('someone changed the running configuration'),
    });
    await candidate[Symbol.asyncDispose]();
    await settle(lab, 'leaf2', fabric('leaf2'));
    expect(await leftovers(lab, 'leaf2')).toBe('');
  });

  it('runs texts in other scripts and long ones, with line ends of another system and without the last', async () => {
    await using session = await lab.openSession('leaf2');
    const before = await lab.runningConfig('leaf2');
    const long = `Zürich 東京 ${'x'.repeat(180)}`;
    const text = fabric('leaf2').replace('interface lo\n', `interface lo\n description ${long}\n`);
    await using candidate = await session.load(text.replaceAll('\n', '\r\n').trimEnd(), 'replace', change());
    const trial = await candidate.commit({ confirmSeconds: 60, fence: () => {} });
    try {
      expect(await lab.runningConfig('leaf2')).toContain(` description ${long}\n`);
    } finally {
      await trial.undo();
    }
    expect(await lab.runningConfig('leaf2')).toBe(before);
  });

  it('is not committed when applying it cannot fit into the timer', async () => {
    await using session = await lab.openSession('leaf2');
    const entries = Array.from(
      { length: 3_000 },
      (_, at) => `ip prefix-list BIG seq ${at + 1} permit 10.${at >> 8}.${at & 255}.0/24`,
    );
    await using candidate = await session.load(`${fabric('leaf2')}${entries.join('\n')}\n`, 'replace', change());
    await expect(candidate.commit({ confirmSeconds: 60, fence: () => {} })).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringMatching(/takes about \d+ s, more than fits into a timer of 60 s/),
    });
    expect(await lab.runningConfig('leaf2')).toBe(fabric('leaf2'));
  });

  it('is not loaded while a daemon that it configures is down, and not saved when one has died since', async () => {
    // its namespaces are the last that a process lets go of
    const bgpdDies = () =>
      lab.console(
        'leaf2',
        'p=$(cat /var/run/frr/$PS/bgpd.pid); kill -KILL $p; while [ -e /proc/$p/ns/net ]; do sleep 0.01; done',
      );
    await using session = await lab.openSession('leaf2');
    const startup = await lab.startupConfig('leaf2');
    const text = fabric('leaf2').replace('ge 32', 'ge 30');
    await using candidate = await session.load(text, 'replace', change());
    const trial = await candidate.commit({ confirmSeconds: 60, fence: () => {} });
    await bgpdDies();
    await expect(trial.confirm()).rejects.toMatchObject({
      message: expect.stringContaining('running are zebra staticd'),
    });
    expect(await lab.startupConfig('leaf2')).toBe(startup);
    await lab.console(
      'leaf2',
      '/usr/lib/frr/bgpd -d -N $PS -A 127.0.0.1; vtysh -N $PS -f /run/plumbline/$PS/trial/new/frr.conf',
    );
    await trial.confirm();
    expect(await lab.startupConfig('leaf2')).toContain('ge 30');
    await bgpdDies();
    await expect(session.load(fabric('leaf2'), 'replace', change())).rejects.toMatchObject({
      code: 'commit_failed',
      message: expect.stringMatching(/^leaf2: bgpd is not running, and line \d+ configures it$/),
    });
    expect(await leftovers(lab, 'leaf2')).toBe('');
  });
});
