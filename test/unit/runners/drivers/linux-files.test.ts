import { describe, expect, it } from 'vitest';
import { parseFiles, printFiles } from '../../../../runners/drivers/linux/files.ts';

const paths = ['/etc/a', '/etc/b', '/etc/c'];
const parse = (text: string) => parseFiles(text, paths, 'srv1');
const textsOf = (text: string) => parse(text).map((file) => file.text);

describe('the files of a server in one text', () => {
  it.each([
    ['one with the line ends of Windows', 'one\r\ntwo\r\n'],
    ['one whose last line has no end', 'one\ntwo'],
    ['one whose last line is a carriage return without a line end', 'one\r\ntwo\r'],
    ['an empty one', ''],
    ['one of a single line end', '\n'],
    ['one that ends in empty lines', 'one\n\n\n'],
    ['one with a byte order mark, tabs and blanks', '\uFEFF\tone  \n \n'],
  ])('hold %s byte for byte, wherever it stands', (_, text) => {
    for (const around of [[], ['before\n'], ['before']]) {
      const files = [...around, text, 'after\n'].map((each, at) => ({
        path: paths[at] ?? '',
        mode: '0644',
        text: each,
      }));
      expect(textsOf(printFiles(files))).toEqual(files.map((file) => file.text));
      expect(textsOf(printFiles(files.slice(0, -1)))).toEqual(files.slice(0, -1).map((file) => file.text));
    }
  });

  it('end as the text ends', () => {
    expect(textsOf('==> /etc/a 0644 <==\none')).toEqual(['one']);
    expect(textsOf('==> /etc/a 0644 <==\none\n')).toEqual(['one\n']);
  });

  it('are refused where the whole text was saved with the line ends of Windows', () => {
    expect(() => parse('==> /etc/a 0644 <==\r\none\r\n')).toThrow(/line 1: .* carriage return/);
  });
});
