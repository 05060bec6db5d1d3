import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readLines } from '../../../../lab/sim/config/read.ts';
import { plainLines } from '../../../../lab/sim/config/tree.ts';
import { eosSyntax } from '../../../../lab/sim/eos/syntax.ts';
import { paths, pathsOfUnindented } from '../../../eos-paths.ts';

const root = new URL('../../../../', import.meta.url);
const files = [
  'examples/eos/intended/configs/spine1.cfg',
  'examples/eos/intended/configs/leaf1.cfg',
  'containerlab/ceos/intended/configs/spine1.cfg',
];

describe('a simulated EOS', () => {
  it.each(files)('understands %s without its indentation, as eAPI clients send it', (file) => {
    const text = readFileSync(new URL(file, root), 'utf8');
    expect(paths(text).length).toBeGreaterThan(20);
    expect(pathsOfUnindented(text)).toEqual(paths(text));
  });

  it('keeps banners, certificates and comments as they are', () => {
    const text =
      'banner motd\n  #! not a comment: ÄÖ\nEOF\nrouter bgp 65001\n   !! ask before you touch\n   router-id 10.0.0.1\n';
    const { root, complaints } = readLines(eosSyntax, text);
    expect(complaints).toEqual([]);
    expect(root.children.find(({ text }) => text === 'banner motd')?.body).toEqual(['  #! not a comment: ÄÖ', 'EOF']);
    expect(plainLines(root, 3)).toContain('   !! ask before you touch');
  });

  it('names the line that it does not understand', () => {
    expect(readLines(eosSyntax, 'hostname a\nrooter bgp 65001\n').complaints).toEqual([
      { line: 2, text: 'rooter bgp 65001', at: 0 },
    ]);
    expect(readLines(eosSyntax, 'interface Ethernet1\n   descriptin x\n').complaints).toMatchObject([{ line: 2 }]);
  });

  it('takes away with `no`, and goes back to the top where a line belongs there', () => {
    const { root } = readLines(
      eosSyntax,
      'interface Ethernet1\ndescription x\nshutdown\nno shutdown\nip routing\ninterface Ethernet1\nno description\n',
    );
    expect(plainLines(root, 3)).toEqual(['interface Ethernet1', 'ip routing']);
  });

  it('salts a plain secret anew each time, so that the text never comes back', () => {
    const read = () => plainLines(readLines(eosSyntax, 'username bob privilege 15 secret hunter2\n').root, 3)[0];
    expect(read()).toMatch(/^username bob privilege 15 secret sha512 \$6\$/);
    expect(read()).not.toBe(read());
    expect(plainLines(readLines(eosSyntax, 'username bob secret sha512 $6$a$b').root, 3)).toEqual([
      'username bob secret sha512 $6$a$b',
    ]);
  });
});
