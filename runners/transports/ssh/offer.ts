import type { Duplex } from 'node:stream';
import type { Algorithms } from 'ssh2';
import { said } from '../../dialogue/one-line.ts';
import { algorithms } from './algorithms.ts';

/** The algorithms that a server says it speaks, in the clear before any key exchange. RFC 4253, 7.1. */
export type SshOffer = { kex: string[]; serverHostKey: string[]; cipher: string[]; hmac: string[] };

const kexInit = 20;
const mostBytes = 64 * 1024;
const firstBytes = 4 * 1024;

/** Reads the lists out of the first bytes that a server sent; undefined while they are not all there. */
const readOffer = (bytes: Buffer): SshOffer | undefined => {
  // lines before the one that begins with SSH- are allowed
  const banner = /(?:^|\n)SSH-[^\n]*\n/.exec(bytes.toString('latin1'));
  if (!banner) return undefined;
  const start = banner.index + banner[0].length;
  if (bytes.length < start + 6 || bytes[start + 5] !== kexInit) return undefined;
  const end = start + 4 + bytes.readUInt32BE(start);
  if (bytes.length < end) return undefined;
  let at = start + 6 + 16; // the type of the message, a cookie
  const lists: string[][] = [];
  while (lists.length < 8 && at + 4 <= end) {
    const length = bytes.readUInt32BE(at);
    lists.push(
      bytes
        .toString('latin1', at + 4, at + 4 + length)
        .split(',')
        .filter(Boolean),
    );
    at += 4 + length;
  }
  const [exchanges, serverHostKey, cipher, , hmac] = lists;
  const kex = exchanges?.filter((name) => !/^(?:kex-strict|ext-info)-/.test(name)); // marks, not algorithms
  return kex && serverHostKey && cipher && hmac ? { kex, serverHostKey, cipher, hmac } : undefined;
};

/** What a server sent first. `text`: its first line, printable; `offer`: once it has said what it speaks. */
export type Heard = { text: string; offer?: SshOffer };

/** Watches what a server sends until it has said what it speaks. @returns asks for what was heard */
export const hear = (socket: Duplex): (() => Heard) => {
  let bytes = Buffer.alloc(0);
  let offer: SshOffer | undefined;
  const take = (chunk: Buffer) => {
    bytes = Buffer.concat([bytes, chunk]);
    offer = readOffer(bytes);
    if (offer || bytes.length > mostBytes) socket.off('data', take);
  };
  socket.on('data', take);
  return () => {
    const lines = bytes.toString('utf8', 0, firstBytes).split(/\r?\n/);
    const line = lines.find((each) => each.startsWith('SSH-')) ?? lines.find((each) => said(each) !== '') ?? '';
    const text = line.includes('\ufffd') || (line === '' && bytes.length > 0) ? 'bytes that are not text' : said(line);
    return offer ? { text, offer } : { text };
  };
};

const kinds = { kex: 'key exchange', serverHostKey: 'host key', cipher: 'cipher', hmac: 'MAC' } as const;

const names = (list: Algorithms[keyof Algorithms]): string[] => (Array.isArray(list) ? list.map(String) : []);

/** One that brings its own integrity check needs no MAC. */
const needsMac = ({ cipher }: SshOffer, ours: Algorithms): boolean =>
  !/gcm|poly1305/.test(names(ours.cipher).find((name) => cipher.includes(name)) ?? '');

type Mismatch = {
  /** The kinds without one in common, and all that the server has of each. */
  text: string;
  /** What the opt-in for old devices would add of these. */
  mends: string[];
  /** What we have of the first kind. */
  ours: string;
};

/** What an offer lacks for us. */
export const mismatch = (offer: SshOffer, legacy: boolean): Mismatch | undefined => {
  const ours = algorithms(legacy, []);
  const all = algorithms(true, []);
  const lacking = (Object.keys(kinds) as (keyof typeof kinds)[]).filter(
    (kind) =>
      !offer[kind].some((name) => names(ours[kind]).includes(name)) && (kind !== 'hmac' || needsMac(offer, ours)),
  );
  const [first] = lacking;
  if (!first) return undefined;
  const text = lacking.map((kind) => `${kinds[kind]} by ${offer[kind].join(', ') || 'nothing'} only`).join('; ');
  const mends = lacking.map((kind) => offer[kind].filter((name) => names(all[kind]).includes(name)));
  const enough = !legacy && mends.every((list) => list.length > 0);
  return { text, mends: enough ? mends.flat() : [], ours: names(ours[first]).join(', ') };
};
