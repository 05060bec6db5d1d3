import type { PlatformName } from '../../lab/sim/platforms.ts';

/** A configuration of about so many lines, interface by interface, as the platform prints it. */
const writers = {
  eos: (count) =>
    text(count, 4, ['hostname r1', '!'], (n) => [
      `interface Loopback${n}`,
      `   description port ${n}`,
      `   ip address ${address(n)}/32`,
      '!',
    ]).concat('end'),
  ios: (count) =>
    text(count, 4, ['version 16.12', 'hostname r1', '!', 'archive', ' path bootflash:archive', '!'], (n) => [
      `interface Loopback${n}`,
      ` description port ${n}`,
      ` ip address ${address(n)} 255.255.255.255`,
      '!',
    ]).concat('end'),
  nxos: (count) =>
    text(count, 4, ['version 10.3(4a) Bios:version', 'hostname r1', ''], (n) => [
      `interface loopback${n}`,
      `  description port ${n}`,
      `  ip address ${address(n)}/32`,
      '',
    ]),
  iosxr: (count) =>
    text(count, 4, ['hostname r1', '!'], (n) => [
      `interface Loopback${n}`,
      ` description port ${n}`,
      ` ipv4 address ${address(n)} 255.255.255.255`,
      '!',
    ]).concat('end'),
  junos: (count) =>
    text(count, 6, ['system {', '    host-name r1;', '}', 'interfaces {', '    lo0 {'], (n) => [
      `        unit ${n} {`,
      `            description "port ${n}";`,
      '            family inet {',
      `                address ${address(n)}/32;`,
      '            }',
      '        }',
    ]).concat('    }', '}'),
} satisfies Partial<Record<PlatformName, (count: number) => string[]>>;

const address = (n: number): string => `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`;

const text = (count: number, each: number, head: readonly string[], part: (n: number) => string[]): string[] => [
  ...head,
  ...Array.from({ length: Math.ceil(count / each) }, (_, at) => part(at + 1)).flat(),
];

/** Platforms that a load is measured on, with their transports. */
export const loaded = {
  eos: ['ssh', 'eapi'],
  junos: ['netconf', 'ssh', 'telnet'],
  iosxr: ['ssh', 'telnet'],
  nxos: ['ssh', 'telnet'],
  ios: ['ssh', 'telnet'],
} as const satisfies Record<keyof typeof writers, readonly string[]>;

/** @param count lines, at least */
export const configOf = (platform: keyof typeof loaded, count: number): string =>
  `${writers[platform](count).join('\n')}\n`;
