import { resolvedOf } from '../arp.ts';
import type { BgpTable } from '../bgp.ts';
import type { CiscoAction } from '../cisco/cisco.ts';
import { child, type Node } from '../config/tree.ts';
import { body } from './text.ts';

/** The part of a configuration that words lead to, within what it stands in. */
const part = (node: Node, words: string): Node[] =>
  node.children.flatMap((one) => {
    if (one.text === words || one.text.startsWith(`${words} `)) return [one];
    if (!words.startsWith(`${one.text} `)) return [];
    const inside = part(one, words.slice(one.text.length + 1));
    return inside.length === 0 ? [] : [{ ...one, children: inside }];
  });

/** `show running-config WORDS`. */
const runningPart: CiscoAction = ({ device }, [words = '']) => {
  const found = part(device.running, words.trim().replace(/\s+/g, ' '));
  if (found.length === 0) return '% No such configuration item(s)\n\n';
  return `${body({ ...device.running, children: found }).join('\n')}\n\n`;
};

const cpu = (): string =>
  'CPU utilization for one minute: 3%; five minutes: 3%; fifteen minutes: 3%\n\nPID    1Min    5Min    15Min Process\n1        0%      0%       0% init\n';

const memory = (): string =>
  'node:      node0_RP0_CPU0\n------------------------------------------------------------------\n\nPhysical Memory: 8192M total (4096M available)\nApplication Memory : 8192M (4096M available)\n';

/** `traceroute HOST …`: one hop. */
export const trace: CiscoAction = (_, [words = '']) => {
  const [host = ''] = words.split(' ');
  return `Type escape sequence to abort.\nTracing the route to ${host}\n\n 1  ${host} 1 msec  1 msec  1 msec\n`;
};

/** What else clients ask of IOS-XR. */
export const moreCommands = (bgp: BgpTable): [string, CiscoAction][] => [
  ['show running-config <words...>', runningPart],
  ['show processes cpu', cpu],
  ['show memory summary', memory],
  ['show cdp', ({ device }) => (child(device.running, 'cdp') ? 'Global CDP information:\n' : '% CDP is not enabled\n')],
  ['show cdp neighbors detail', ({ device }) => (child(device.running, 'cdp') ? '' : '% CDP is not enabled\n')],
  [
    'show lldp',
    ({ device }) =>
      device.neighbors('lldp') === undefined
        ? '% LLDP is not enabled\n'
        : 'Global LLDP information:\n        Status: ACTIVE\n        LLDP advertisements are sent every 30 seconds\n',
  ],
  [
    'show arp',
    ({ device }) =>
      `\n-------------------------------------------------------------------------------\n0/RP0/CPU0\n-------------------------------------------------------------------------------\nAddress         Age        Hardware Addr   State      Type  Interface\n${resolvedOf(
        device,
        bgp,
        'ipv4',
      )
        .map((one) => `${one.address.padEnd(15)} 00:01:00   0c00.00aa.bb99  Dynamic    ARPA  ${one.interface.name}\n`)
        .join('')}`,
  ],
];
