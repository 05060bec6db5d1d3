import { describe, expect, it } from 'vitest';
import { limits } from '../../../../core/bus.ts';
import { Deframer, type Framing, frame } from '../../../../runners/transports/netconf/framing.ts';
import { costs } from '../../../cost.ts';

const messages = ['<a>Zürich, 東京, 🛰</a>', `<b>${'ø'.repeat(5000)}</b>`, '<c>#5\n##\n]]&gt;]]&gt;</c>'];

const collect = (framing: Framing, pieces: Iterable<Buffer>): string[] => {
  const deframer = new Deframer();
  deframer.framing = framing;
  return [...pieces].flatMap((piece) => [...deframer.feed(piece)].map(String));
};

const cut = function* (bytes: Buffer, size: number): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
};

/** How much more a message of that size costs than a 64th of it: 64 times where each byte costs the same, 4,096 times in quadratic time. */
const growth = (framing: Framing, bytes: number, piece: number): number => {
  const [little, whole] = [bytes / 64, bytes].map((size) => frame('x'.repeat(size), framing));
  const [few = 0, many = 0] = costs(
    [little, whole].map((wire) => () => collect(framing, cut(wire ?? Buffer.alloc(0), piece))),
  );
  return many / few;
};

describe('NETCONF framing', () => {
  it.each(['end-of-message', 'chunked'] as const)('%s messages survive being cut anywhere', (framing) => {
    const wire = Buffer.concat(messages.map((message) => frame(message, framing)));
    for (const size of [1, 2, 3, 5, 6, 7, 13, 1000, wire.length]) {
      expect(collect(framing, cut(wire, size))).toEqual(messages);
    }
  });

  it('chunk sizes count octets, and a chunk may end inside a character', () => {
    const euro = Buffer.from('€');
    const wire = Buffer.concat([
      Buffer.from('\n#2\n'),
      euro.subarray(0, 2),
      Buffer.from('\n#1\n'),
      euro.subarray(2),
      Buffer.from('\n##\n'),
    ]);
    expect(collect('chunked', [wire])).toEqual(['€']);
    expect(frame('€', 'chunked').toString()).toBe('\n#3\n€\n##\n');
  });

  it('the end-of-message mark is only text where messages are chunked', () => {
    expect(collect('chunked', [frame('<a>]]>]]></a>', 'chunked')])).toEqual(['<a>]]>]]></a>']);
  });

  it('framing changes right after the hello, within one piece of the network', () => {
    const deframer = new Deframer();
    const seen: string[] = [];
    for (const message of deframer.feed(
      Buffer.concat([frame('<hello/>', 'end-of-message'), frame('<x/>', 'chunked')]),
    )) {
      deframer.framing = 'chunked';
      seen.push(String(message));
    }
    expect(seen).toEqual(['<hello/>', '<x/>']);
  });

  it('a line end between the hello and the first chunk is skipped', () => {
    expect(collect('chunked', cut(Buffer.concat([Buffer.from('\n'), frame('<x/>', 'chunked')]), 1))).toEqual(['<x/>']);
  });

  it.each([
    '\n#0\nx',
    '\n#04\nabcd',
    '\n#x\n',
    '\n##\n',
    'syslog: hello there',
    '\n#4294967295\nabc',
    `\n#${limits.printedBytes + 1}\n`,
    '\n#4294967296\n',
    '\n#99999999999\n',
  ])('a device that sends %j is hung up on, not waited for', (wire) => {
    expect(() => collect('chunked', [Buffer.from(wire)])).toThrow(/NETCONF framing/);
  });

  it('a message of 8 MB in small pieces takes no quadratic time', () => {
    for (const framing of ['chunked', 'end-of-message'] as const) {
      expect(growth(framing, 8_000_000, 1_024)).toBeLessThan(512); // memory is slower the more of it is used
    }
  });

  it('a message that comes byte by byte takes no quadratic time', () => {
    expect(growth('end-of-message', 100_000, 1)).toBeLessThan(512);
  });

  const filler = Buffer.alloc(1024 * 1024, ' ');
  it.each([
    ['one that never ends', 'end-of-message', Buffer.alloc(0), filler],
    [
      'one in chunks of the size of a piece',
      'chunked',
      Buffer.alloc(0),
      Buffer.concat([Buffer.from('\n#1048576\n'), filler]),
    ],
    ['one in chunks of a byte', 'chunked', Buffer.alloc(0), Buffer.from('\n#1\nx'.repeat(100_000))],
  ] as const)('of messages that nobody could hold, %s is given up in time', (_title, framing, first, more) => {
    const deframer = new Deframer();
    deframer.framing = framing;
    let bytes = 0;
    const endless = () => {
      for (let piece: Buffer = first; ; piece = more) {
        bytes += piece.length;
        for (const _ of deframer.feed(piece)) break;
      }
    };
    expect(endless).toThrow(`more than ${limits.printedBytes} bytes`);
    expect(bytes).toBeLessThan(1.25 * limits.printedBytes);
  });
});
