import type { Configs, FileOf, Getter, Parsers } from '../../../getters/getter.ts';
import { bgp } from './bgp.ts';
import { bgpDetail } from './bgp-detail.ts';
import { facts } from './facts.ts';
import { interfacesIp } from './interfaces-ip.ts';
import { napalm } from './napalm.ts';
import { configRequest, replyOf } from './replies.ts';

const config: Getter<Configs> = {
  requests: ['committed', 'candidate'].map(configRequest),
  parse: (inputs) => {
    const [running = '', candidate = ''] = ['committed', 'candidate'].map(
      (database) => replyOf(inputs, configRequest(database))?.text ?? '',
    );
    return { running, startup: '', candidate };
  },
};

const fileOf: FileOf = (request) => {
  const name = request.replaceAll(' ', '');
  return [`${name}.xml`, `${name}.json`];
};

const mask = '<removed>';

/** How captures of a router are read. */
export const parsers = {
  junos: {
    getters: { facts, bgp, 'bgp-detail': bgpDetail, 'interfaces-ip': interfacesIp, config },
    fileOf,
    napalm,
    napalmMasks: [
      (text) =>
        text.replace(
          /(?<![^\n]|\n[^\S\n]*\n)(\s+community\s+)[\p{L}\p{N}_]+(;[^\n]*|\s+\{[^\n]*)(?![^\n])/gu,
          `$1${mask}$2`,
        ),
      (text) => text.replace(/(?<![^\n])([^\n]*)"\$\d\$\S+"(;[^\n]*)(?![^\n])/g, `$1${mask}$2`),
    ],
  },
} satisfies Parsers;
