import { jsonOrText } from '../../../getters/folder.ts';
import type { Parsers } from '../../../getters/getter.ts';
import { interfacesIp } from './interfaces-ip.ts';

/** How captures of a server are read. */
export const parsers = {
  linux: { getters: { 'interfaces-ip': interfacesIp }, fileOf: jsonOrText(/ -j /) },
} satisfies Parsers;
