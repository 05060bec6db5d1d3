import { transports } from '../../../core/platform-names.ts';
import { secrets } from '../../../core/redact/platforms/frr.ts';
import type { Driver } from '../../driver.ts';
import { normalise, topLevel } from './config.ts';
import { health } from './getters/health.ts';
import { parsers } from './getters/parsers.ts';
import { openFrr } from './session.ts';

/** FRRouting 7.5 and later on Linux, over SSH. Source: FRR User Guide, "VTY shell". */
export const frr: Driver = {
  platform: 'frr',
  ntcNames: ['frr', 'cumulus_linux', 'vyatta_vyos'], // the last: Quagga's text, which FRR still prints
  capabilities: {
    transports: transports.frr,
    replace: 'line by line',
    merge: 'line by line',
    diff: 'device',
    trial: 'dead-man switch',
    trialUnitSeconds: 1,
    confirmFrom: 'any',
    comment: true,
    startup: true,
    undo: 'the undo lines that were tried out are applied until the saved configuration is running again',
    neverEqual:
      "a `hostname` other than the system's, `line vty`, `ip forwarding` if it is on, written-out defaults; each is named with the diff",
    getters: ['facts', 'bgp', 'bgp-detail', 'interfaces-ip'],
    tested: 'FRR 8.4.4 and 10.3 routers in network namespaces',
    notes: [
      'Needs root, or sudo without a password (options.sudo), and the right to create namespaces: texts are tried out in a second FRR on the router.',
      'A change takes effect line by line; if it fails half-way, it is undone at once.',
      '"frr defaults" and "username" cannot be changed while FRR runs and are refused.',
      'What runs is not read while a daemon is down that told of a part of it, or that watchfrr misses; without watchfrr, one that was down at the login is not missed.',
      'Lines that FRR does not print (written-out defaults, "hostname", "line vty") are named with each diff.',
    ],
  },
  health,
  // a route-map or list that was changed is looked at again after `route-map delay-timer`, 5 s
  late: { lines: /route-map|prefix-list|access-list|community-list|as-path|table-map|ip(?:v6)? protocol/, seconds: 7 },
  parsers,
  readOnly: { commands: ['show', 'ping', 'traceroute', 'list', 'who'], filters: ['include'], bar: 'spaced' },
  open: openFrr,
  secrets,
  normalise,
  hostname: (config) => topLevel(config, 'hostname')?.value,
};
