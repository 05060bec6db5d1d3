import { junos } from '../../../runners/drivers/junos/platform.ts';
import { lifecycle } from '../lifecycle.ts';

const config = (more: string) => `version 23.2R1.14;
system {
    host-name r1;
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
protocols {
    bgp {
        group peers {
            type external;
            peer-as 65002;
            neighbor 10.0.0.2;
        }
    }
}
`;
const loopback =
  '    lo0 {\n        unit 7 {\n            family inet {\n                address 10.0.0.7/32;\n            }\n        }\n    }\n';

for (const transport of ['netconf', 'ssh', 'telnet'] as const) {
  lifecycle(`a router with Junos over ${transport}`, {
    driver: junos,
    transport,
    platform: 'junos',
    before: config(''),
    after: config(loopback),
    mark: 'lo0',
    commits: '^commit-configuration$|commit confirmed',
    loads: '^load-configuration$|load override',
    bad: { text: config('    lo0 {\n        unitt 7;\n    }\n'), line: 17 },
    secret: { text: config('').replace('encrypted-password', 'plain-text-password-value'), line: 5 },
  });
}
