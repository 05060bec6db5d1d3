import { configsOf, withoutLines } from '../../../getters/config.ts';
import type { Parsers } from '../../../getters/getter.ts';
import { bgp } from './bgp.ts';
import { bgpDetail } from './bgp-detail.ts';
import { facts } from './facts.ts';
import { interfacesIp } from './interfaces-ip.ts';
import { napalm } from './napalm.ts';

const config = configsOf(
  { running: 'show running-config', startup: 'show startup-config' },
  withoutLines(
    /^Building configuration.*$/gm,
    /^Current configuration :.*$/gm,
    /^! Last configuration change at.*$/gm,
    /^! NVRAM config last updated at.*$/gm,
  ),
);

/** How captures of a router are read. */
export const parsers = {
  ios: { getters: { facts, bgp, 'bgp-detail': bgpDetail, 'interfaces-ip': interfacesIp, config }, napalm },
} satisfies Parsers;
