import { children, type Node, value } from '../../config/tree.ts';
import type { Device } from '../../device.ts';
import type { Shown } from './show.ts';

/** `show users accounts`. */
export const showAccounts = (device: Device): Shown => {
  const users = children(
    device.running,
    /^username (\S+)(?: privilege (\d+))?(?: role (\S+))?(?: secret \S+ (\S+))?/,
  ).map(
    ([, [, username = '', level = '1', role = '', secret = '']]) =>
      [username, { username, privLevel: Number(level), role, secret, sshAuthorizedKey: '' }] as const,
  );
  return {
    json: { users: Object.fromEntries(users) },
    text: users
      .map(([name, one]) => `user: ${name}\n       role: ${one.role}\n       privilege level: ${one.privLevel}\n`)
      .join(''),
  };
};

const snmp =
  (key: string, line: (root: Node) => string | undefined) =>
  (device: Device): Shown => {
    const told = line(device.running);
    return { json: told === undefined ? {} : { [key]: told }, text: told === undefined ? '' : `${key}: ${told}\n` };
  };

/** `show snmp v2-mib …`. */
export const showSnmp = {
  chassis: snmp('chassisId', (root) => value(root, 'snmp-server chassis-id')),
  location: snmp('location', (root) => value(root, 'snmp-server location')),
  contact: snmp('contact', (root) => value(root, 'snmp-server contact')),
};

/** `show system environment …`, of a switch with one fan and one supply. */
export const showEnvironment = {
  cooling: {
    json: { systemStatus: 'coolingOk', fanTraySlots: [{ label: '1', status: 'ok', fans: [] }], powerSupplySlots: [] },
    text: 'System cooling status is: Ok\n',
  },
  temperature: {
    json: {
      systemStatus: 'temperatureOk',
      cardSlots: [],
      powerSupplySlots: [],
      tempSensors: [
        {
          name: 'TempSensor1',
          description: 'Cpu temp sensor',
          currentTemperature: 40,
          overheatThreshold: 95,
          criticalThreshold: 100,
          hwStatus: 'ok',
          alertCount: 0,
        },
      ],
    },
    text: 'System temperature status is: Ok\n',
  },
  power: {
    json: { powerSupplies: { 1: { modelName: 'PWR-500AC-F', state: 'ok', capacity: 500, outputPower: 58.25 } } },
    text: 'Power supply 1: Ok\n',
  },
} satisfies Record<string, Shown>;

/** `show processes top once`. */
export const showTop: Shown = {
  text: `top - 06:00:00 up 1 day,  0 users,  load average: 0.10, 0.10, 0.10
Tasks: 200 total,   1 running, 199 sleeping,   0 stopped,   0 zombie
%Cpu(s):  4.2 us,  0.9 sy,  0.0 ni, 94.6 id,  0.0 wa,  0.1 hi,  0.2 si,  0.0 st
KiB Mem:   4002360 total,  1411772 used,  2590588 free,   102040 buffers
KiB Swap:        0 total,        0 used,        0 free.  1100232 cached Mem

  PID USER      PR  NI    VIRT    RES    SHR S %CPU %MEM     TIME+ COMMAND
`,
};

/** `show ntp associations`: the servers of the configuration, none of them reached. */
export const showNtp = (device: Device): Shown => {
  const servers = children(device.running, /^ntp server (?:vrf \S+ )?([\d.:a-f]+)/).map(([, [, name = '']]) => name);
  if (servers.length === 0) return { text: 'NTP is disabled.\n' };
  return {
    text: `     remote           refid      st t when poll reach   delay   offset  jitter\n==============================================================================\n${servers.map((name) => ` ${name.padEnd(15)} .INIT.          16 u    -   64    0    0.000    0.000   0.000\n`).join('')}`,
  };
};
