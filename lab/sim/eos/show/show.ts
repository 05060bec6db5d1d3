import { ctime, upDown } from '../../clock.ts';
import type { Interface } from '../../config/interfaces.ts';
import type { Device } from '../../device.ts';
import { hostname, type Model } from '../text.ts';

/** What a show command answers: text, and structured where EOS has it. */
export type Shown = { text: string; json?: object };

/** `show version`. */
export const showVersion = (device: Device, { model, version, internal, serial, mac }: Model): Shown => ({
  json: {
    mfgName: 'Arista',
    modelName: model,
    hardwareRevision: '',
    serialNumber: serial,
    systemMacAddress: mac,
    hwMacAddress: '00:00:00:00:00:00',
    configMacAddress: '00:00:00:00:00:00',
    version,
    architecture: 'x86_64',
    internalVersion: internal,
    internalBuildId: 'a1b2c3d4-0000-4000-8000-000000000000',
    imageFormatVersion: '3.0',
    imageOptimization: 'None',
    bootupTimestamp: device.bootedAt / 1000,
    uptime: device.uptime,
    memTotal: 4002360,
    memFree: 2590588,
    isIntlVersion: false,
  },
  text: `Arista ${model}
Hardware version:
Serial number: ${serial}
Hardware MAC address: ${mac}
System MAC address: ${mac}

Software image version: ${version}
Architecture: x86_64
Internal build version: ${internal}
Internal build ID: a1b2c3d4-0000-4000-8000-000000000000
Image format version: 3.0
Image optimization: None

Uptime: ${Math.floor(device.uptime / 3600)} hours and ${Math.floor(device.uptime / 60) % 60} minutes
Total memory: 4002360 kB
Free memory: 2590588 kB

`,
});

/** `show hostname`. */
export const showHostname = (device: Device): Shown => {
  const name = hostname(device.running);
  const domain = device.running.children
    .map(({ text }) => /^(?:dns domain|ip domain-name) (\S+)$/.exec(text)?.[1])
    .find(Boolean);
  const fqdn = domain === undefined ? name : `${name}.${domain}`;
  return { json: { hostname: name, fqdn }, text: `Hostname: ${name}\nFQDN:     ${fqdn}\n` };
};

const interfaceJson = (device: Device, { name, description, up, enabled, ipv4, mtu }: Interface) => ({
  name,
  description,
  interfaceStatus: enabled ? 'connected' : 'disabled',
  lineProtocolStatus: up ? 'up' : 'down',
  mtu: /^Management/.test(name) ? 1500 : mtu === 1500 ? 9214 : mtu,
  bandwidth: 10_000_000_000,
  hardware: /\./.test(name)
    ? 'subinterface'
    : /^Loopback/.test(name)
      ? 'loopback'
      : /^Port-Channel/.test(name)
        ? 'portChannel'
        : 'ethernet',
  forwardingModel: ipv4.length > 0 ? 'routed' : 'bridged',
  physicalAddress: '0c:00:00:aa:bb:01',
  burnedInAddress: '0c:00:00:aa:bb:01',
  lastStatusChangeTimestamp: device.bootedAt / 1000 + 30,
  interfaceAddress: ipv4.slice(0, 1).map((address) => ({
    primaryIp: { address: address.split('/')[0], maskLen: Number(address.split('/')[1]) },
    secondaryIpsOrderedList: ipv4
      .slice(1)
      .map((other) => ({ address: other.split('/')[0], maskLen: Number(other.split('/')[1]) })),
    broadcastAddress: '255.255.255.255',
    dhcp: false,
  })),
  interfaceCounters: {
    inOctets: Math.floor(device.uptime * 240),
    outOctets: Math.floor(device.uptime * 220),
    inUcastPkts: Math.floor(device.uptime * 2),
    outUcastPkts: Math.floor(device.uptime * 2),
    inMulticastPkts: 0,
    outMulticastPkts: 0,
    inBroadcastPkts: 0,
    outBroadcastPkts: 0,
    inDiscards: 0,
    outDiscards: 0,
    totalInErrors: 0,
    totalOutErrors: 0,
  },
});

const interfaceText = ({ name, description, up, enabled, ipv4, mtu }: Interface): string =>
  `${name} is ${enabled ? 'up' : 'administratively down'}, line protocol is ${up ? 'up (connected)' : 'down (disabled)'}
  Hardware is Ethernet, address is 0c00.00aa.bb01 (bia 0c00.00aa.bb01)
${description === '' ? '' : `  Description: ${description}\n`}${ipv4.length === 0 ? '' : `  Internet address is ${ipv4[0]}\n  Broadcast address is 255.255.255.255\n`}  ${ipv4.length === 0 ? 'Ethernet' : 'IP'} MTU ${mtu} bytes, BW 10000000 kbit
`;

/** `show interfaces`, of all or of one. */
export const showInterfaces = (device: Device, name?: string): Shown => {
  const shown = device
    .interfaces()
    .filter((one) => name === undefined || one.name.toLowerCase() === name.toLowerCase());
  return {
    json: { interfaces: Object.fromEntries(shown.map((one) => [one.name, interfaceJson(device, one)])) },
    text: shown.map(interfaceText).join(''),
  };
};

/** `show ip interface`, `show ipv6 interface`. */
export const showIpInterfaces = (device: Device, family: 'ip' | 'ipv6'): Shown => {
  const shown = device.interfaces().filter((one) => (family === 'ip' ? one.ipv4 : one.ipv6).length > 0);
  const split = (text = '') => ({ address: text.split('/')[0], maskLen: Number(text.split('/')[1] ?? 128) });
  return {
    json: {
      interfaces: Object.fromEntries(
        shown.map((one) => [
          one.name,
          {
            name: one.name,
            description: one.description,
            mtu: one.mtu,
            vrf: one.vrf,
            interfaceStatus: one.enabled ? 'connected' : 'disabled',
            lineProtocolStatus: one.up ? 'up' : 'down',
            ...(family === 'ip'
              ? {
                  interfaceAddress: {
                    primaryIp: split(one.ipv4[0]),
                    secondaryIps: Object.fromEntries(
                      one.ipv4.slice(1).map((other) => [other.split('/')[0], split(other)]),
                    ),
                    secondaryIpsOrderedList: one.ipv4.slice(1).map(split),
                    virtualIp: { address: '0.0.0.0', maskLen: 0 },
                    broadcastAddress: '255.255.255.255',
                    dhcp: false,
                  },
                }
              : {
                  linkLocal: { address: 'fe80::1', subnet: 'fe80::/64' },
                  addresses: one.ipv6.map((other) => ({ address: other.split('/')[0], subnet: other })),
                }),
          },
        ]),
      ),
    },
    text: shown
      .map(
        (one) =>
          `${one.name} is up, line protocol is up\n  ${(family === 'ip' ? one.ipv4 : one.ipv6).map((address) => `Internet address is ${address}`).join('\n  ')}\n`,
      )
      .join(''),
  };
};

/** `show clock`, `show uptime`, `show users` and what else fits in a line. */
export const showSmall = (device: Device, what: 'clock' | 'uptime' | 'users'): Shown => {
  const now = device.clock.now();
  if (what === 'clock')
    return {
      json: { utcTime: now / 1000, timezone: 'UTC', clockSource: { local: true } },
      text: `${ctime(now)}\nTimezone: UTC\nClock source: local\n`,
    };
  if (what === 'uptime')
    return {
      json: { upTime: device.uptime, loadAvg: [0.1, 0.1, 0.1], users: device.logins.size, currentTime: now / 1000 },
      text: `${ctime(now)} up ${upDown(device.uptime)}, ${device.logins.size} users, load average: 0.10, 0.10, 0.10\n`,
    };
  const logins = [...device.logins];
  return {
    json: {
      vtys: Object.fromEntries(
        logins.map((login, at) => [at + 1, { line: `vty${login.id}`, user: login.user, location: login.from }]),
      ),
    },
    text: `    Line      User        Host(s)       Idle        Location\n${logins.map((login, at) => `${String(at + 1).padStart(2)}  vty ${String(login.id).padEnd(5)} ${login.user.padEnd(11)} idle          00:00:00    ${login.from}\n`).join('')}`,
  };
};
