import { Duplex, PassThrough, Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { Tcl } from '../../../../lab/sim/cisco/tcl.ts';
import { Terminal } from '../../../../lab/sim/terminal/terminal.ts';
import { tclWrites } from '../../../../runners/session/upload.ts';

const typing = (typed: string) => {
  let shown = '';
  const stream = Duplex.from({
    readable: Readable.from([Buffer.from(typed)]),
    writable: new PassThrough().on('data', (chunk: Buffer) => {
      shown += chunk.toString();
    }),
  });
  const terminal = new Terminal(stream, {
    enter: '\r\n',
    newline: '\r\n',
    more: '--More--',
    quote: '\x16',
    help: '  LINE',
  });
  return { terminal, shown: () => shown };
};

describe('the line editor of a simulated device', () => {
  it('helps at `?` and shows the line again, rings at TAB, and takes what is quoted as text', async () => {
    const { terminal, shown } = typing('who?\t x\x16?\x16\ty\r');
    expect(await terminal.line({ prompt: 'r1#' })).toBe('who x?\ty');
    terminal.end();
    await expect.poll(shown).toBe('who?\r\n  LINE\r\nr1#who\x07 x?\ty\r\n');
  });

  it('takes them as they are where a text is read raw', async () => {
    const { terminal } = typing('who?\t x\r');
    expect(await terminal.line()).toBe('who?\t x');
  });
});

describe("a simulated device's tclsh", () => {
  const shell = () => {
    const files = new Map<string, string>();
    const tcl = new Tcl({ files, faults: { fullFlash: false } }, (path) => path.replace(/^flash:/, ''));
    return { files, feed: (...lines: string[]) => lines.map((line) => tcl.feed(line)) };
  };

  it('writes what was sent to it, to the byte', () => {
    const text = 'who?\n\t$x [y] "z" {\\\n東京 \u00031 \\x3f }\n';
    const { files, feed } = shell();
    feed('set fl [open "flash:a" w+]', 'fconfigure $fl -translation binary', ...tclWrites(text), 'close $fl');
    expect(files.get('a')).toBe(text);
  });

  it('reads a text in braces to the brace that closes it, and loses the end of a line after a backslash', () => {
    const { files, feed } = shell();
    const said = feed('puts [open "flash:a" w+] {', 'a {b}', 'c \\', '  d $x [y]', '}', 'tclquit');
    expect(said.map(({ open }) => open)).toEqual([true, true, true, true, false, false]);
    expect(files.get('a')).toBe('\na {b}\nc  d $x [y]\n\n');
  });

  it('says what it does not know', () => {
    const { feed } = shell();
    expect(feed('puts $fl "x"', 'rooter bgp').map(({ said }) => said)).toEqual([
      'can\'t read "fl": no such variable\n',
      'invalid command name "rooter"\n',
    ]);
  });
});
