import { configsOf } from '../../../getters/config.ts';
import { sanitised } from '../../../getters/folder.ts';
import type { FileOf, Parsers } from '../../../getters/getter.ts';
import { lineMask, napalmMasks } from '../../../getters/napalm/masks.ts';
import { bgp } from './bgp.ts';
import { bgpDetail } from './bgp-detail.ts';
import { facts } from './facts.ts';
import { interfacesIp } from './interfaces-ip.ts';
import { napalm } from './napalm.ts';

const fileOf: FileOf = (request) => {
  const command = request.replace(/ \(text\)$/, '');
  const name = sanitised(command);
  return command === request ? [`${name}.json`] : [`${name}.text`, `${name}.txt`];
};

/** How captures of a switch are read. */
export const parsers = {
  eos: {
    getters: {
      facts,
      bgp,
      'bgp-detail': bgpDetail,
      'interfaces-ip': interfacesIp,
      config: configsOf(
        { running: 'show running-config (text)', startup: 'show startup-config (text)' },
        (text) => text,
      ),
    },
    fileOf,
    napalm,
    napalmMasks: [
      ...napalmMasks,
      lineMask('\\s+aaa root secret \\d', '[^\\n]+'),
      lineMask('\\s+username [^\\n]+ (?:password|secret) \\d', '[^\\n]+'),
    ],
  },
} satisfies Parsers;
