import { readdirSync, readFileSync } from 'node:fs';
import { newJobId } from '../../core/store/jobs.ts';
import type { RouterName } from '../../lab/frr/topology.ts';
import type { ChangeName, Session, Trial } from '../../runners/driver.ts';
import type { TestLab } from '../lab.ts';

/** A change of its own, under a new job. */
export const change = (epoch = 1, job = newJobId()): ChangeName => ({ job, epoch, sha256: 'a'.repeat(64) });

const peers = {
  spine1: [
    { address: '10.0.0.1', as: 65001 },
    { address: '10.0.0.3', as: 65002 },
  ],
  leaf1: [{ address: '10.0.0.0', as: 65000 }],
  leaf2: [{ address: '10.0.0.2', as: 65000 }],
} as const;
const own = {
  spine1: { as: 65000, id: '10.255.0.11', ports: ['10.0.0.0/31', '10.0.0.2/31'] },
  leaf1: { as: 65001, id: '10.255.0.21', ports: ['10.0.0.1/31'] },
  leaf2: { as: 65002, id: '10.255.0.22', ports: ['10.0.0.3/31'] },
} as const;

/** A whole configuration as FRR prints it, with BGP to the neighbours. */
export const fabric = (name: RouterName): string => {
  const { as, id, ports } = own[name];
  const lines = [
    'frr version 8.4.4',
    'frr defaults traditional',
    `hostname ${name}`,
    'service integrated-vtysh-config',
    '!',
    ...ports.flatMap((address, port) => [`interface eth${port + 1}`, ` ip address ${address}`, 'exit', '!']),
    'interface lo',
    ` ip address ${id}/32`,
    'exit',
    '!',
    `router bgp ${as}`,
    ` bgp router-id ${id}`,
    ' timers bgp 1 3',
    ...peers[name].flatMap((peer) => [
      ` neighbor ${peer.address} remote-as ${peer.as}`,
      ` neighbor ${peer.address} password plumb-canary`,
      ` neighbor ${peer.address} timers connect 1`,
    ]),
    ' !',
    ' address-family ipv4 unicast',
    '  redistribute connected',
    ...peers[name].flatMap((peer) => [
      `  neighbor ${peer.address} route-map IN in`,
      `  neighbor ${peer.address} route-map OUT out`,
    ]),
    ' exit-address-family',
    'exit',
    '!',
    'ip prefix-list LOOPBACKS seq 5 permit 10.255.0.0/24 ge 32',
    '!',
    'route-map IN permit 10',
    ' match ip address prefix-list LOOPBACKS',
    'exit',
    '!',
    'route-map OUT permit 10',
    'exit',
    '!',
    'end',
  ];
  return `${lines.join('\n')}\n`;
};

/** Deploys a text and confirms it. */
export const settle = async (lab: TestLab, name: RouterName, text: string): Promise<string> => {
  await using session = await lab.openSession(name);
  await using candidate = await session.load(text, 'replace', change());
  if ((await candidate.diff()) === '') return '';
  const trial = await candidate.commit({ confirmSeconds: 60, fence: () => {} });
  await trial.confirm();
  return trial.job ?? '';
};

/** What we left on the router: names of files below /run, and of processes. */
export const leftovers = async (lab: TestLab, name: RouterName): Promise<string> =>
  lab.console(
    name,
    'ls -A /run/plumbline/$PS 2>/dev/null; ls /var/run/frr/$PS /var/run/frr | grep reload; ps -eo args | grep "[/]run/plumbline/$PS" | grep -v grep; true',
  );

/** Arguments of every process of this machine, gathered until it is disposed. */
export const watchArguments = (): Disposable & { seen: Set<string> } => {
  const seen = new Set<string>();
  const known = new Set<string>();
  let over = false;
  const look = () => {
    for (const pid of readdirSync('/proc')) {
      if (!/^\d+$/.test(pid)) continue;
      try {
        const args = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
        if (known.has(pid + args)) continue;
        known.add(pid + args);
        seen.add(args);
      } catch {
        // it has ended since
      }
    }
    if (!over) setImmediate(look);
  };
  look();
  return {
    seen,
    [Symbol.dispose]: () => {
      over = true;
    },
  };
};

export const canary = 'plumb-canary';

/** The fabric's text with a description on the loopback. */
export const described = (name: RouterName, text: string) =>
  fabric(name).replace('interface lo\n', `interface lo\n description ${text}\n`);

/** A trial of that text. */
export const begin = async (
  session: Session,
  name: RouterName,
  text: string,
  seconds = 60,
  epoch = 1,
): Promise<Trial> => {
  const candidate = await session.load(described(name, text), 'replace', change(epoch));
  return candidate.commit({ confirmSeconds: seconds, fence: () => {} });
};
