import { describe, expect, it } from 'vitest';
import { notUtf8, sameText } from '../../../../core/text/utf8.ts';

const broken = (before: string, bytes: readonly number[], after = '') =>
  notUtf8(Buffer.concat([Buffer.from(before), Buffer.from(bytes), Buffer.from(after)]));

describe('a text that is not UTF-8', () => {
  it.each([
    ['Latin-1', 'one\nbanner caf', [0xe9], 't\n', 2, 14],
    ['a character that is cut off at the end', 'über\n', [0xe2, 0x82], '', 2, 6],
    ['a continuation on its own', 'é', [0xa9], '\n', 1, 2],
    ['a surrogate', '\n\n', [0xed, 0xa0, 0x80], '', 3, 2],
    ['an overlong slash', '', [0xc0, 0xaf], '', 1, 0],
  ])('is told by line and byte offset: %s', (_, before, bytes, after, line, offset) => {
    expect(broken(before, bytes, after)).toEqual({ line, offset, byte: bytes[0] });
  });

  it.each([65_535, 65_536, 65_537, 200_003])('after %d bytes of characters that do not end with a block', (length) => {
    const before = `${'é'.repeat(Math.floor(length / 2))}${length % 2 === 1 ? 'x' : ''}`;
    expect(broken(before, [0xff], 'é\n')).toEqual({ line: 1, offset: length, byte: 0xff });
  });

  it('is never taken for another text', () => {
    expect(sameText(Buffer.from('größe €\n'), 'a.cfg')).toBe('größe €\n');
    const utf16 = Buffer.from([0xff, 0xfe, 0x61, 0x00]);
    expect(() => sameText(utf16, 'a.cfg')).toThrow('a.cfg:1: not valid UTF-8: 0xff at byte offset 0');
  });

  it.each([
    ['UTF-16 as Windows saves it', Buffer.from('\uFEFFhostname a\n', 'utf16le'), 'iconv -f utf-16 -t utf-8'],
    ['without its mark', Buffer.from('hostname a\n', 'utf16le'), 'iconv -f utf-16le -t utf-8'],
    ['of a big-endian machine', Buffer.from('hostname a\n', 'utf16le').swap16(), 'iconv -f utf-16be -t utf-8'],
    ['Latin-1', Buffer.from('caf\xe9\n', 'latin1'), 'iconv -f latin1 -t utf-8'],
    ['with a NUL', Buffer.from('hostname a\n\0\n'), 'plain text in UTF-8'],
  ])('%s is refused with what helps', (_, bytes, hint) => {
    expect(() => sameText(bytes, 'a.cfg')).toThrow(expect.objectContaining({ hint: expect.stringContaining(hint) }));
  });
});
