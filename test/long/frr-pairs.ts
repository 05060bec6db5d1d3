import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import type { Session, Trial } from '../../runners/driver.ts';
import { normalise } from '../../runners/drivers/frr/config.ts';
import { change } from '../integration/frr-texts.ts';
import { bootMachine, type Machine } from './frr-machine.ts';
import type { Release } from './frr-releases.ts';

/** Kinds of lines that can stand beside each other, and the daemons that they are of. */
const groups: readonly (readonly [readonly string[], readonly string[]])[] = [
  [
    ['bgp-neighbours', 'route-maps', 'vrfs', 'system'],
    ['bgpd', 'bfdd', 'pimd'],
  ],
  [
    ['bgp-groups', 'lists', 'ospf6', 'ospf-options'],
    ['bgpd', 'bfdd', 'ospf6d', 'ospfd'],
  ],
  [
    ['bgp-instances', 'ospf', 'rip'],
    ['bgpd', 'bfdd', 'ospfd', 'ripd', 'ripngd'],
  ],
  [
    ['bgp-evpn', 'statics', 'interfaces', 'labels'],
    ['bgpd', 'ldpd', 'pathd'],
  ],
  [
    ['bgp-families', 'pim', 'others'],
    ['bgpd', 'bfdd', 'pimd', 'nhrpd', 'babeld', 'fabricd'],
  ],
  [
    ['bfd', 'isis', 'nexthop-groups-and-pbr', 'interface-protocols'],
    ['bgpd', 'bfdd', 'isisd', 'pbrd', 'vrrpd'],
  ],
];
const most = 3;

export const head = 'frr defaults traditional\nhostname leaf1\nservice integrated-vtysh-config\n!\n';

/** The fragments of a kind; in its file `---` stands between two. */
const fragments = async (kind: string): Promise<string[]> =>
  (await readFile(new URL(`frr-fragments/${kind}.conf`, import.meta.url), 'utf8')).split('---\n');

/** Texts of one fragment of each kind. The first one is empty. */
const textsOf = async (kinds: readonly string[]): Promise<string[]> => {
  const all = await Promise.all(kinds.map(fragments));
  const nth = (at: number) =>
    all
      .map((of) => of[at] ?? '')
      .filter(Boolean)
      .join('!\n');
  return [head, ...Array.from({ length: most }, (_, at) => head + nth(at))];
};

/** Loads a text in a router that knows nothing of ours. @returns what it prints of it */
const printed = async (release: Release, daemons: readonly string[], text: string): Promise<string> => {
  await using machine = await bootMachine(release, 'leaf1', daemons);
  await machine.console(
    `cat > /root/text <<'END'\n${text}END\nvtysh $(vtysh --help | grep -o -e --no-fork) -f /root/text || true`,
  );
  return normalise(await machine.running());
};

const begin = async (session: Session, text: string): Promise<Trial> => {
  await using candidate = await session.load(text, 'replace', change());
  expect(await candidate.diff()).not.toBe('');
  return await candidate.commit({ confirmSeconds: 120, fence: () => {} });
};

/** Deploys a text and confirms it. */
export const settle = async (session: Session, text: string): Promise<void> => (await begin(session, text)).confirm();

/** Leads each text to each other one and back again. */
const leadAll = async (machine: Machine, texts: readonly string[], wanted: readonly string[]) => {
  await using session = await machine.openSession();
  const runs = async () => normalise(await machine.running());
  for (const [from, text] of texts.entries()) {
    if (from > 0) await settle(session, text);
    for (const [to, other] of texts.entries()) {
      if (to === from) continue;
      const trial = await begin(session, other);
      expect(await runs(), `${from} to ${to}`).toBe(wanted[to]);
      await trial.undo();
      expect(await runs(), `${from} to ${to} and back`).toBe(wanted[from]);
    }
  }
};

/** Tests that each text of a kind is led to each other one. */
export const testPairs = (release: Release): void => {
  it.each(groups)(
    '%s: leads each text to each other one, and back by an undo',
    async (kinds, more) => {
      const daemons = ['staticd', ...more];
      const texts = await textsOf(kinds);
      const wanted = [];
      for (const text of texts) wanted.push(await printed(release, daemons, text));
      await using machine = await bootMachine(release, 'leaf1', daemons);
      await leadAll(machine, texts, wanted);
    },
    400_000,
  );
};

type Refused = { of: string; from?: string; text: string; why: RegExp };

/** Tests that a text is refused with the reason, and that the router has felt nothing of it. */
export const testRefused = (release: Release, cases: readonly Refused[]): void => {
  it.each(cases)('refuses what $of cannot do before it touches the router: $text', async ({ of, from, text, why }) => {
    await using machine = await bootMachine(release, 'leaf1', ['staticd', of]);
    await using session = await machine.openSession();
    if (from !== undefined) await settle(session, head + from);
    const before = await machine.running();
    await expect(session.load(head + text, 'replace', change())).rejects.toMatchObject({
      code: 'rejected',
      message: expect.stringMatching(why),
    });
    expect(await machine.running()).toBe(before);
    expect(await machine.console('ls -A /run/plumbline 2>/dev/null || true')).toBe('');
  });
};
