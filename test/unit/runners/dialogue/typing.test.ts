import { describe, expect, it } from 'vitest';
import { Dialogue } from '../../../../runners/dialogue/dialogue.ts';
import { ctrlV, refuseControls, refuseManyLines, type Typing } from '../../../../runners/dialogue/typing/typing.ts';
import { refuseGarbled } from '../../../../runners/session/text/typed-back.ts';
import { tclWrites } from '../../../../runners/session/upload.ts';
import { FakeDevice, plainCli } from './fake-device.ts';

const talk = async (device: FakeDevice, typing: Typing) => {
  const cli = new Dialogue(device, { ...plainCli, typing }, { name: 'leaf1' });
  device.say(device.prompt);
  await cli.start({ totalMs: 2_000 });
  return cli;
};

describe('a line with characters that are keys', () => {
  it('is quoted where the line editor knows how, and told by its echo', async () => {
    const device = new FakeDevice({ 'description \x16?\x16\tx': 'as it was echoed\r\n' });
    await using cli = await talk(device, ctrlV);
    expect(await cli.sendAll([' \t description ?\tx', 'show'])).toHaveLength(2);
    expect(device.typed).toEqual(['   description \x16?\x16\tx', 'show']);
  });

  it('is as it is in a text that is read raw', async () => {
    const device = new FakeDevice({});
    await using cli = await talk(device, { keys: '?\t', rawTexts: true });
    await cli.sendAll(['load', '\twho?'], { within: [false, true] });
    expect(device.typed).toEqual(['load', '\twho?']);
  });

  it('is refused before anything is sent where nothing quotes it', async () => {
    const device = new FakeDevice({});
    await using cli = await talk(device, { keys: '?\t' });
    for (const line of ['who?', 'a\tb', 'show version\x15reload', 'x\ry'])
      await expect(cli.sendAll(['first', line])).rejects.toMatchObject({ code: 'rejected' });
    expect(device.typed).toEqual([]);
  });

  it('is no command of an operator, if it would press keys', () => {
    for (const command of [
      'show\nreload',
      '\x1a',
      'show version\x15reload',
      'show \x1b[A',
      'show\x7f',
      'show\tversion',
      '\tshow',
    ])
      expect(() => refuseManyLines('r1', command)).toThrow(/^r1: /);
    refuseManyLines('r1', 'show running-config | include who?');
  });

  it('is named with its line and the character, in letters that press no key of ours', () => {
    expect(() => refuseControls('hostname r1\r\n description a\x1b]0;b\r\n', 'r1')).toThrow(
      'r1: line 2: "description a^[]0;b": the command line treats ESC (0x1b) as a key, not as text',
    );
  });
});

describe('a candidate with a `?` that was typed', () => {
  const lines = ['banner login', 'who goes there?', 'no description why?'].map((text, at) => ({
    text,
    number: at + 1,
    open: false,
  }));
  const candidate = (text: string) => ({ name: 'r1', send: async () => text });

  it('is gone on with when it holds the text', async () => {
    await refuseGarbled(candidate('banner login\nwho goes there?\nEOF\n'), lines, 'show session-config');
  });

  it.each(['who goes there', 'who goes there\x16?'])('is refused with the line when it holds %j', async (text) => {
    await expect(refuseGarbled(candidate(`banner login\n${text}\nEOF\n`), lines, 'show')).rejects.toMatchObject({
      code: 'rejected',
      line: 2,
    });
  });

  it('is gone on with where the device cannot show it', async () => {
    await refuseGarbled(candidate("     ^\n% Invalid input detected at '^' marker."), lines, 'show');
  });
});

describe('a text for tclsh', () => {
  it('is commands of printable characters without `?`, each complete and short', () => {
    const text = 'who? {\n\t$x [y] "z" \\\n東京 \u00039 | include ~!@#%^&*()\n}'.repeat(50);
    const lines = tclWrites(text);
    expect(lines.length).toBeGreaterThan(20);
    for (const line of lines)
      expect(line).toMatch(/^puts -nonewline \$fl "(?:[^\\?"$[{}|\P{ASCII}\p{Cc}]|\\n|\\[0-7]{3}){1,204}"$/u);
  });
});
