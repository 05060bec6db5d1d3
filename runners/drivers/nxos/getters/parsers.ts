import { configsOf, withoutLines } from '../../../getters/config.ts';
import { sanitised } from '../../../getters/folder.ts';
import type { FileOf, Parsers } from '../../../getters/getter.ts';
import { bgp } from './bgp.ts';
import { bgpDetail } from './bgp-detail.ts';
import { facts } from './facts.ts';
import { interfacesIp } from './interfaces-ip.ts';
import { napalm } from './napalm.ts';
import { bgp as sshBgp } from './ssh/bgp.ts';
import { bgpDetail as sshBgpDetail } from './ssh/bgp-detail.ts';
import { facts as sshFacts } from './ssh/facts.ts';
import { interfacesIp as sshInterfacesIp } from './ssh/interfaces-ip.ts';
import { napalm as sshNapalm } from './ssh/napalm.ts';

const config = configsOf(
  { running: 'show running-config', startup: 'show startup-config' },
  withoutLines(/!Command: show .*$/gm, /!Time:.*\d{4}\s*$/gm, /Startup config saved at:.*$/gm),
);

const fileOf: FileOf = (request) => [`${request.replaceAll(' ', '_')}.json`, `${sanitised(request)}.json`];

/** How captures of a switch are read: NX-API gives JSON, SSH text. */
export const parsers = {
  nxos: {
    getters: { facts, bgp, 'bgp-detail': bgpDetail, 'interfaces-ip': interfacesIp, config },
    fileOf,
    napalm,
  },
  nxos_ssh: {
    getters: { facts: sshFacts, bgp: sshBgp, 'bgp-detail': sshBgpDetail, 'interfaces-ip': sshInterfacesIp, config },
    napalm: sshNapalm,
  },
} satisfies Parsers;
