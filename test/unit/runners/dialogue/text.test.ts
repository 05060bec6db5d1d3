import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { CliDriver } from '../../../../runners/dialogue/cli-driver.ts';
import { Dialogue } from '../../../../runners/dialogue/dialogue.ts';
import { EndOfText } from '../../../../runners/dialogue/ending/end-of-text.ts';
import { FakeDevice, plainCli } from './fake-device.ts';

const login = async (device: FakeDevice, driver: CliDriver = plainCli) => {
  const cli = new Dialogue(device, driver, { name: 'leaf1', secrets: { password: 'canary' } });
  device.say(device.prompt);
  await cli.start({ totalMs: 2_000 });
  return cli;
};

/** Prints a text line by line; the wire stops behind each line, before its end. */
const dribble = async (device: FakeDevice, lines: readonly string[], ms: number) => {
  for (const line of lines) {
    device.say(line);
    await wait(ms);
    device.say('\r\n');
  }
};

describe('a text that holds lines like prompts', () => {
  it.each([
    ['the prompt', 'leaf1# ', 'leaf1# ', 30],
    ['the prompt, several times', 'leaf1# ', 'leaf1#', 30],
    ['the prompt of before it was renamed', 'spine9# ', 'spine9# ', 300],
  ])('is read to its end where it has %s', async (_, first, second, ms) => {
    const text = [first, second, first, '% Invalid input', 'EOF'];
    const device = new FakeDevice({ 'show text': '\x04', 'show clock': '12:00\r\n' });
    await using cli = await login(device);
    const shown = cli.send('show text');
    device.busy = true;
    await dribble(device, text, ms);
    device.rest();
    expect((await shown).split('\n').map((line) => line.trimEnd())).toEqual(text.map((line) => line.trimEnd()));
    expect(await cli.send('show clock')).toBe('12:00');
    expect(device.typed.filter((line) => line.trim() !== '')).toEqual(['show text', 'show clock']);
  });

  it('is told from what the device refuses by where it stands', async () => {
    const refused = '     ^\r\n% Invalid input\r\n';
    const device = new FakeDevice({ 'show banner': 'welcome\r\n% Invalid input\r\n', 'show me': refused });
    await using cli = await login(device);
    expect(await cli.send('show banner')).toBe('welcome\n% Invalid input');
    await expect(cli.send('show me')).rejects.toMatchObject({ code: 'rejected' });
  });

  it('gets no answer to a question that it holds', async () => {
    const device = new FakeDevice({ 'show text': '\x04' });
    await using cli = await login(device, { ...plainCli, questions: [{ ask: /^Password: ?$/, secret: 'password' }] });
    const shown = cli.send('show text');
    device.busy = true;
    await dribble(device, ['Password: '], 100);
    device.rest();
    expect(await shown).toContain('Password:');
    expect(device.typed.join()).not.toContain('canary');
  });

  it('is read from a device that shows a blank line without its blanks', async () => {
    const device = new FakeDevice({ 'show text': 'one\r\ntwo\r\n' });
    const write = device._write.bind(device);
    device._write = (chunk, encoding, done) => write(chunk.toString().replace(/^ +/, ''), encoding, done);
    await using cli = await login(device);
    expect(await cli.send('show text')).toBe('one\ntwo');
    // it is known by now, and not waited for again: that would take a second
    expect(await cli.send('show text', { silenceMs: 500 })).toBe('one\ntwo');
  });

  it.each([
    ['', 'complains about a blank line'],
    [' ', 'complains about a blank line, which it shows without its blanks'],
  ])('is read from a device that %s%s', async (trimmed) => {
    const blank = Object.fromEntries(Array.from({ length: 40 }, (_, count) => [' '.repeat(count), '% Unknown\r\n']));
    const device = new FakeDevice({ 'show text': 'one\r\ntwo\r\n', ...blank });
    const write = device._write.bind(device);
    if (trimmed) device._write = (chunk, encoding, done) => write(chunk.toString().replace(/^ +/, ''), encoding, done);
    await using cli = await login(device);
    expect(await cli.send('show text')).toBe('one\ntwo');
    expect(await cli.send('show text')).toBe('one\ntwo');
  });

  it('is left by a login that it was printed at', async () => {
    const device = new FakeDevice({ 'show clock': '12:00\r\n' });
    await using cli = new Dialogue(device, { ...plainCli, setup: ['no paging'] }, { name: 'leaf1' });
    device.busy = true;
    const started = cli.start();
    await dribble(device, ['leaf9# ', 'leaf1#', '% Invalid input'], 60);
    device.rest();
    await started;
    expect(cli.prompt).toBe('leaf1# ');
    expect(await cli.send('show clock')).toBe('12:00');
  });
});

describe('the end of a text', () => {
  it('is where the last blanks are shown: a slow device would show them to the next command', () => {
    for (let round = 0; round < 50; round++) {
      const end = new EndOfText(plainCli);
      const shown = ['one'];
      for (const at of [1, 1, 2, 2]) shown.push(`leaf1# ${end.question(at)}`);
      for (const count of [2, 3, 4]) expect(end.before(shown.slice(0, count), 'leaf1# ', true)).toBeUndefined();
      expect(end.before(shown, 'leaf1# ', false)).toEqual(['one']);
    }
  });
});
