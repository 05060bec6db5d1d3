import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Candidate } from '../../runners/driver.ts';
import { describeLab, labForTest, type TestLab } from '../lab.ts';
import { change, fabric, leftovers, settle } from './frr-texts.ts';

const name = 'leaf1';
const lists = (running: string) => running.split('\n').filter((line) => /(?:access|prefix|community)-list /.test(line));

describeLab('a change on FRR', () => {
  let lab: TestLab;
  beforeAll(async () => {
    lab = await labForTest();
    await settle(lab, name, fabric(name));
  });
  afterAll(() => lab[Symbol.asyncDispose]());

  /** Deploys a text as the lifecycle does, and reads it back. @returns the diff, and what was said to be unstable */
  const deploy = async (
    text: string,
  ): Promise<{ diff: string; unstable: readonly string[]; notes: readonly string[] }> => {
    await using session = await lab.openSession(name);
    const told = async (candidate: Candidate) => ({
      diff: await candidate.diff(),
      unstable: candidate.unstable,
      notes: candidate.notes ?? [],
    });
    await using candidate = await session.load(text, 'replace', change());
    const first = await told(candidate);
    if (first.diff !== '') await (await candidate.commit({ confirmSeconds: 60, fence: () => {} })).confirm();
    await using again = await session.load(text, 'replace', change());
    expect(await told(again)).toEqual({ ...first, diff: '' });
    return first;
  };

  const before = (lines: readonly string[]) => fabric(name).replace('\nend\n', `\n${lines.join('\n')}\n!\nend\n`);

  const kinds = [
    ['access-list EDGE', 'permit 203.0.113.0/25', 'permit 198.51.100.0/25', 'deny any'],
    ['ipv6 access-list EDGE6', 'permit 2001:db8:a::/48', 'permit 2001:db8:b::/48', 'deny any'],
    ['ip prefix-list EDGE', 'permit 203.0.113.0/25', 'permit 198.51.100.0/25', 'deny any'],
    ['ipv6 prefix-list EDGE6', 'permit 2001:db8:a::/48', 'permit 2001:db8:b::/48', 'deny any'],
    ['bgp as-path access-list PATHS', 'permit ^65010_', 'permit ^65011_', 'deny .*'],
    ['bgp community-list standard TAGS', 'permit 65010:1', 'permit 65010:2', 'deny no-export'],
    ['bgp large-community-list expanded BIG', 'permit 65010:1:.*', 'permit 65010:2:.*', 'deny .*'],
    ['bgp extcommunity-list standard TARGETS', 'permit rt 65010:1', 'permit rt 65010:2', 'deny soo 65010:9'],
  ] as const;

  it('has the order of the text in every kind of list whose lines have no number', async () => {
    type Order = readonly (1 | 2 | 3)[];
    const written = (order: Order) => before(kinds.flatMap((kind) => order.map((at) => `${kind[0]} ${kind[at]}`)));
    const ordered = async (order: Order) => {
      const { diff } = await deploy(written(order));
      const numbered = kinds.flatMap((kind) => order.map((one, at) => `${kind[0]} seq ${at * 5 + 5} ${kind[one]}`));
      expect(lists(await lab.runningConfig(name)).sort()).toEqual([...lists(fabric(name)), ...numbered].sort());
      return diff;
    };
    await ordered([1, 3]);
    const inserted = await ordered([1, 2, 3]);
    for (const [head, , second, last] of kinds) {
      expect(inserted).toContain(`-${head} seq 10 ${last}\n`);
      expect(inserted).toContain(`+${head} seq 10 ${second}\n`);
    }
    await ordered([3, 2, 1]); // swapped
    await ordered([1, 3]); // removed, and moved
    const explicit = written([1, 3]).replace('access-list EDGE permit', 'access-list EDGE seq 5 permit');
    expect((await deploy(explicit)).diff).toBe('');
  });

  it('shows the members that go with their group, and runs those that stay without it', async () => {
    const grouped = fabric(name).replace(
      ' timers bgp 1 3\n',
      ' timers bgp 1 3\n neighbor EDGE peer-group\n neighbor EDGE remote-as external\n neighbor 203.0.113.7 peer-group EDGE\n neighbor 203.0.113.7 description one\n neighbor 203.0.113.8 peer-group EDGE\n neighbor 203.0.113.8 description two\n',
    );
    await deploy(grouped);
    const { diff } = await deploy(
      fabric(name).replace(
        ' timers bgp 1 3\n',
        ' timers bgp 1 3\n neighbor 203.0.113.8 remote-as 65010\n neighbor 203.0.113.8 description two\n',
      ),
    );
    for (const line of ['203.0.113.7 peer-group EDGE', '203.0.113.7 description one', '203.0.113.8 peer-group EDGE']) {
      expect(diff).toContain(`- neighbor ${line}\n`);
    }
    expect(diff).not.toContain('description two'); // it stays
    expect(await lab.runningConfig(name)).toContain(' neighbor 203.0.113.8 description two\n');
    await deploy(fabric(name));
    expect(await lab.runningConfig(name)).toBe(fabric(name));
  });

  it('is made, and taken back again, on an interface that is not there', async () => {
    const typo = fabric(name).replace(
      'interface lo\n',
      'interface eth7\n ip address 203.0.113.1/24\n ipv6 address 2001:db8:7::1/64\n description a slip\nexit\n!\ninterface lo\n',
    );
    const { notes } = await deploy(typo);
    expect(notes).toEqual([expect.stringContaining('the router has no interface eth7')]);
    expect(await lab.runningConfig(name)).toContain('interface eth7\n');
    await deploy(fabric(name));
    expect(await lab.runningConfig(name)).toBe(fabric(name));
  });

  it('takes a policy from a neighbour and makes an instance of BGP, both at once', async () => {
    const text = fabric(name)
      .replace(/^.*route-map OUT out\n/m, '')
      .replace('ip prefix-list', 'router bgp 65001 vrf BLUE\n bgp router-id 192.0.2.7\nexit\n!\nip prefix-list');
    const { diff } = await deploy(text);
    expect(diff).toMatch(/^-.*route-map OUT out$/m);
    expect(diff).toMatch(/^\+router bgp 65001 vrf BLUE$/m);
    await deploy(fabric(name));
    expect(await lab.runningConfig(name)).toBe(fabric(name));
  });

  it('names defaults that are written out, and is in sync with them and with short forms', async () => {
    const text = fabric(name)
      .replace(
        ' timers bgp 1 3\n',
        ' timers bgp 1 3\n bgp graceful-restart stalepath-time 360\n bgp graceful-restart\n',
      )
      .replace('interface eth1\n', 'int eth1\n no shutdown\n')
      .replace(' ip address 10.0.0.1/31', ' ip addr 10.0.0.1/31')
      .replace('  redistribute', '  neighbor 10.0.0.0 activate\n  redistribute');
    const { diff, unstable } = await deploy(text);
    expect(diff).toBe(' router bgp 65001\n+ bgp graceful-restart\n');
    expect([...unstable].sort()).toEqual([
      'bgp graceful-restart stalepath-time 360',
      'neighbor 10.0.0.0 activate',
      'no shutdown',
    ]);
    expect((await deploy(`${text}ip route 198.51.100.0/24 Null0\n`)).diff).toBe('+ip route 198.51.100.0/24 Null0\n');
    await deploy(fabric(name));
  });

  it('is refused before it is begun where FRR could not take it back, and names the line', async () => {
    await using session = await lab.openSession(name);
    const text = fabric(name).replace('interface eth1\n', 'interface eth1\n multicast\n');
    await expect(session.load(text, 'replace', change())).rejects.toMatchObject({
      code: 'rejected',
      line: text.split('\n').indexOf(' multicast') + 1,
      message: expect.stringMatching(/^leaf1: this cannot be undone.*"interface eth1 \/ multicast"/),
    });
    expect(await lab.runningConfig(name)).toBe(fabric(name));
    expect(await leftovers(lab, name)).toBe('');
  });
});
