import type { Login } from '../../lab/sim/device.ts';
import type { Sim } from '../../lab/sim/sim.ts';

// What configurations look like on the simulated platforms: without BGP, whose proof takes the time of keepalives.

export type SimulatedPlatform = {
  before: (host: string, more: string) => string;
  /** A line or block that says `mark`. */
  more: (mark: string) => string;
  /** Refused after that block, and the number of its line. */
  bad: string;
  line: number;
  /** Prints what runs. */
  probe: string;
  /** Puts a session, lock or trial of somebody else in the way. */
  foreign: (sim: Sim) => Promise<void>;
};

const io = {
  print: () => {},
  page: async () => {},
  ask: async () => 'yes',
  key: async () => 'y',
  end: () => {},
  length: 0,
  width: 32_767,
};

/** Types lines at the console, as another user. */
const type = async (sim: Sim, lines: readonly string[]): Promise<void> => {
  const login: Login = sim.device.login('mallory', 'ssh', undefined);
  const cli = sim.box.cli(login);
  for (const line of lines) await cli.run(line, io);
};

const eos: SimulatedPlatform = {
  before: (host, more) =>
    `hostname ${host}\n!\nusername admin privilege 15 role network-admin secret sha512 $6$abc$def\n!\ninterface Ethernet1\n   no switchport\n   ip address 10.0.0.1/31\n!\n${more}!\nend\n`,
  more: (mark) => `interface Loopback7\n   description ${mark}\n   ip address 10.0.0.7/32\n`,
  bad: 'rooter bgp 65000\n',
  line: 12,
  probe: 'show running-config',
  foreign: (sim) => type(sim, ['enable', 'configure session theirs', 'hostname theirs', 'commit timer 00:05:00']),
};

const junos: SimulatedPlatform = {
  before: (host, more) => `version 23.2R1.14;
system {
    host-name ${host};
    root-authentication {
        encrypted-password "$6$abc$def"; ## SECRET-DATA
    }
}
interfaces {
    fxp0 {
        unit 0 {
            family inet {
                address 10.0.0.15/24;
            }
        }
    }
${more}}
routing-options {
    autonomous-system 65001;
}
`,
  more: (mark) => `    lo0 {\n        description ${mark};\n    }\n`,
  bad: '    lo1 {\n        unitt 7;\n    }\n',
  line: 20,
  probe: 'show configuration',
  foreign: async (sim) => sim.box.foreign('lock', 'mallory'),
};

const iosxr: SimulatedPlatform = {
  before: (host, more) =>
    `hostname ${host}\nusername admin\n group root-lr\n secret 5 $1$abc$def\n!\ninterface MgmtEth0/RP0/CPU0/0\n ipv4 address 10.0.0.15 255.255.255.0\n!\n${more}!\nend\n`,
  more: (mark) => `interface Loopback7\n description ${mark}\n ipv4 address 10.0.0.7 255.255.255.255\n`,
  bad: 'rooter bgp 65000\n',
  line: 12,
  probe: 'show running-config',
  foreign: async (sim) => sim.box.foreign('lock', 'mallory'),
};

const nxos: SimulatedPlatform = {
  before: (host, more) =>
    `version 10.3(4a) Bios:version\nhostname ${host}\nfeature bgp\nusername admin password 5 $5$abc$def  role network-admin\n\ninterface mgmt0\n  vrf member management\n  ip address 10.0.0.15/24\n\n${more}\nline vty\n`,
  more: (mark) => `interface loopback7\n  description ${mark}\n  ip address 10.0.0.7/32\n`,
  bad: 'rooter bgp 65000\n',
  line: 13,
  probe: 'show running-config',
  foreign: async (sim) => {
    sim.device.files.set('theirs', sim.running);
    await type(sim, ['configure replace bootflash:theirs commit-timeout 300']);
  },
};

const ios: SimulatedPlatform = {
  before: (host, more) =>
    `version 16.12\nservice timestamps debug datetime msec\nhostname ${host}\n!\nenable secret 9 $9$abc$def\nusername admin privilege 15 secret 9 $9$abc$ghi\n!\narchive\n path bootflash:archive\n!\ninterface GigabitEthernet1\n ip address 10.0.0.1 255.255.255.0\n no shutdown\n!\n${more}!\nbanner motd ~\n Zürich { on-call }\n~\nline vty 0 4\n login local\nend\n`,
  more: (mark) => `interface Loopback7\n description ${mark}\n ip address 10.0.0.7 255.255.255.255\n`,
  bad: 'rooter bgp 65000\n',
  line: 18,
  probe: 'show running-config',
  foreign: (sim) => type(sim, ['configure terminal revert timer 5', 'end']),
};

export const simulatedPlatforms = { eos, junos, iosxr, nxos, ios };
