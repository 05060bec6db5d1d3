import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { CliDriver } from '../../../../runners/dialogue/cli-driver.ts';
import { Dialogue } from '../../../../runners/dialogue/dialogue.ts';
import { holdUp } from '../../../hold-up.ts';
import { FakeDevice, plainCli } from './fake-device.ts';

const talk = async (device: FakeDevice, driver: CliDriver = plainCli, maxBytes?: number) => {
  const cli = new Dialogue(device, driver, {
    name: 'leaf1',
    secrets: { password: 'canary' },
    ...(maxBytes ? { maxBytes } : {}),
  });
  device.say(`Welcome\r\n${device.prompt}`);
  await cli.start({ totalMs: 2_000 });
  return cli;
};

describe('a dialogue', () => {
  it('returns what the device printed, without the echoed line and the prompt', async () => {
    await using cli = await talk(new FakeDevice({ 'show clock': '12:00\r\nUTC\r\n' }));
    expect(await cli.send('show clock')).toBe('12:00\nUTC');
    expect(await cli.send('')).toBe('');
  });

  it('hears the same whatever the pieces in which it arrives', async () => {
    const answers = { show: '\x1b[1mgr\u00fc\u00df\x1b[0m\r\r\nleaf1#\r\nlast\r\n' };
    for (const bytes of [1, 2, 3, 7, 1000]) {
      await using cli = await talk(new FakeDevice(answers, 'leaf1# ', bytes));
      expect(await cli.send('show')).toBe('grüß\nleaf1#\nlast');
    }
  });

  it('names the line that the device refused, with the two lines that the caret points into', async () => {
    const device = new FakeDevice({ 'rooter bgp': '  rooter bgp 1\r\n    ^\r\n% Invalid input\r\n' });
    await using cli = await talk(device);
    await expect(cli.send('rooter bgp')).rejects.toMatchObject({
      code: 'rejected',
      message: 'leaf1: "rooter bgp":   rooter bgp 1\n    ^\n% Invalid input',
    });
    expect(await cli.send('show')).toBe('');
  });

  it('sends 5,000 lines at once and names the one that was refused', async () => {
    const device = new FakeDevice({ 'line 4711': '% Unknown command\r\n' });
    await using cli = await talk(device);
    const lines = Array.from({ length: 5_000 }, (_, index) => `line ${index + 1}`);
    await expect(cli.sendAll(lines)).rejects.toMatchObject({ code: 'rejected', line: 4711 });
    expect(device.typed).toHaveLength(5_000);
  });

  it('tells the outputs of lines that were sent at once apart, also where one looks like the next line', async () => {
    await using cli = await talk(new FakeDevice({ one: 'two\r\nis next: two\r\n', two: 'second\r\n' }));
    expect(await cli.sendAll(['one', 'two'])).toEqual(['two\nis next: two', 'second']);
  });

  it('takes what a long output holds for text, unless its beginning or its end complains', async () => {
    const text = (lines: string[]) => lines.map((line) => `${line}\r\n`).join('');
    const banner = Array.from({ length: 20 }, (_, at) => (at === 10 ? '% Unknown command' : `line ${at}`));
    const device = new FakeDevice({ show: text(banner), head: text(['', '% Unknown command', ...banner]) });
    await using cli = await talk(device);
    expect(await cli.send('show')).toContain('line 9\n% Unknown command\nline 11');
    await expect(cli.send('head')).rejects.toMatchObject({ code: 'rejected' });
    await expect(cli.sendAll(['show', 'show'])).rejects.toMatchObject({ code: 'rejected', line: 1 });
  });

  it('reads the echo of a text without prompts, one that holds a prompt too', async () => {
    const text = ['banner', 'leaf1# ', '% Unknown command', '', 'EOF', 'line 3'];
    const silent = Object.fromEntries(text.slice(0, 4).map((line) => [line, '\x04'])); // no prompt after these
    const device = new FakeDevice({ ...silent, 'line 3': '% Unknown command\r\n' }, 'leaf1# ', 5);
    await using cli = await talk(device);
    const within = [false, true, true, true, true, false];
    const unechoed = { manyDoubtMs: Number.POSITIVE_INFINITY }; // the last echo was found: nothing was waited for
    await expect(cli.sendAll(text, { within, ...unechoed })).rejects.toMatchObject({ code: 'rejected', line: 6 });
  });

  it('answers no pager that is in the text which it sends', async () => {
    const device = new FakeDevice({});
    await using cli = await talk(device, { ...plainCli, pagers: [/^--More--$/] });
    device.say = () => {};
    const sent = cli.sendAll(['banner', '--More--', 'EOF'], { within: [false, true, true] });
    device.say = FakeDevice.prototype.say;
    device.say('banner\r\n--More--'); // the wire stops here for a while
    await new Promise((resolve) => setTimeout(resolve, 100));
    device.say(`\r\nEOF\r\n${device.prompt}`);
    await sent;
    expect(device.typed).not.toContain('<blank>');
  });

  it('does not take a line of output for the prompt', async () => {
    const text = 'banner of spine1# \r\nleaf1# show this\r\nspine1# \r\nrest\r\n';
    await using cli = await talk(new FakeDevice({ show: text }, 'leaf1# ', 19));
    expect(await cli.send('show')).toBe('banner of spine1# \nleaf1# show this\nspine1# \nrest');
  });

  it('follows the prompt into configuration mode and back', async () => {
    const device = new FakeDevice({});
    await using cli = await talk(device);
    device.prompt = 'leaf1(config-router)# ';
    await cli.send('router bgp 1');
    expect(cli.configuring).toBe(true);
    device.prompt = 'leaf1# ';
    await cli.send('end');
    expect(cli.configuring).toBe(false);
  });

  it('believes a new host name once its prompt stands', async () => {
    const device = new FakeDevice({});
    await using cli = await talk(device);
    device.prompt = 'leaf2# ';
    await cli.send('hostname leaf2');
    expect(cli.prompt).toBe('leaf2# ');
  });

  it('turns the page, and leaves no trace of the pager', async () => {
    const device = new FakeDevice({ show: 'one\r\n --More-- \x04', '<blank>': '\r         \rtwo\r\nleaf1# ' });
    await using cli = await talk(device, { ...plainCli, pagers: [/^ ?--More-- ?$/] });
    expect(await cli.send('show')).toBe('one\ntwo');
    expect(device.typed).toContain('<blank>');
  });

  it('answers what a command asks', async () => {
    const device = new FakeDevice({ reload: 'Save? [y/n]: \x04', n: 'reloading\r\n' });
    await using cli = await talk(device);
    const output = await cli.send('reload', { questions: [{ ask: /\[y\/n\]: $|\[y\/n\]:$/, answer: 'n' }] });
    expect(output).toContain('reloading');
    expect(device.typed).toEqual(['reload', 'n']);
  });

  it('gives a secret to the question that asks for it, and never shows it', async () => {
    const device = new FakeDevice({ enable: 'Password: \x04', canary: '% Access denied\r\n' });
    await using cli = await talk(device, { ...plainCli, questions: [{ ask: /^Password: ?$/, secret: 'password' }] });
    const error = await cli.send('enable').catch((refusal: Error) => refusal.message);
    expect(error).toContain('% Access denied');
    expect(error).not.toContain('canary');
  });

  it('says so where the device asks for a secret that nobody gave', async () => {
    const device = new FakeDevice({ enable: 'Password: \x04' });
    await using cli = await talk(device, { ...plainCli, questions: [{ ask: /^Password: ?$/, secret: 'enable' }] });
    await expect(cli.send('enable')).rejects.toMatchObject({ code: 'unauthorized' });
  });

  it('asks for another prompt when a log line swallowed it', async () => {
    const log = '%BGP-5-ADJCHANGE: neighbor 10.0.0.1 Down\r\n';
    const device = new FakeDevice({ show: `done\r\nleaf1# ${log}\x04` });
    await using cli = await talk(device);
    expect(await cli.send('show')).toContain('done');
    expect(device.typed.slice(0, 2)).toEqual(['show', '']);
  });

  it('gives up after silence, and after the whole time however much is printed', async () => {
    const silent = new FakeDevice({ show: 'and then\r\nnothing\x04' });
    await using quiet = await talk(silent);
    await expect(quiet.send('show', { silenceMs: 50 })).rejects.toMatchObject({
      code: 'timeout',
      message: expect.stringMatching(/^leaf1: no prompt within \d+\.\d s after "show"; its last line is "nothing"$/),
    });
    const chatty = new FakeDevice({ show: 'x\x04' });
    await using loud = await talk(chatty);
    const timer = setInterval(() => chatty.say('.'), 10);
    await expect(loud.send('show', { silenceMs: 1_000, totalMs: 100 })).rejects.toMatchObject({ code: 'timeout' });
    clearInterval(timer);
  });

  it('takes an answer that came in time, though the process was held up and reads it late', async () => {
    const server = createServer((device) => {
      device.on('error', () => {}).write('leaf1# ');
      device.once('data', async () => {
        await new Promise(setImmediate); // timers come next
        device.write('show\r\ndone\r\nleaf1# ');
        holdUp(300);
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const shell = connect((server.address() as AddressInfo).port, '127.0.0.1');
    await using cli = new Dialogue(shell, plainCli, { name: 'leaf1' });
    await cli.start();
    expect(await cli.send('show', { silenceMs: 250, text: false })).toBe('done');
    server.close();
  });

  it('says that the device hung up', async () => {
    const device = new FakeDevice({ exit: 'bye\r\n\x04' });
    await using cli = await talk(device);
    const answer = cli.send('exit');
    device.push(null);
    await expect(answer).rejects.toMatchObject({ code: 'closed', message: 'leaf1: the device hung up after "exit"' });
    await expect(cli.send('show')).rejects.toMatchObject({ code: 'closed' });
  });

  it('ends a session that prints without end', async () => {
    const device = new FakeDevice({ show: `${'x'.repeat(2_000)}\x04` });
    await using cli = await talk(device, plainCli, 1_000);
    await expect(cli.send('show')).rejects.toMatchObject({ code: 'closed' });
    expect(device.destroyed).toBe(true);
  });

  it('reads 16 MB in one line and in many within seconds, and no more than 16 MiB', async () => {
    const lines = 'row of a table\r\n'.repeat(1e6);
    const device = new FakeDevice({ line: 'x'.repeat(16e6), lines });
    await using cli = await talk(device);
    expect(await cli.send('lines')).toHaveLength(15 * 1e6 - 1);
    await expect(cli.send('line', { silenceMs: 100 })).rejects.toMatchObject({ code: 'timeout' });
    await using other = await talk(new FakeDevice({ more: lines + lines }));
    await expect(other.send('more')).rejects.toThrow(
      /^leaf1: the device printed more than 16777216 bytes after "more"/,
    );
  });

  it('reports who was not let in', async () => {
    const device = new FakeDevice({});
    await using cli = new Dialogue(device, { ...plainCli, refusals: [/^Login incorrect/m] }, { name: 'leaf1' });
    device.say('Login incorrect\r\nlogin: ');
    await expect(cli.start()).rejects.toMatchObject({
      code: 'unauthorized',
      message: 'leaf1: login refused: Login incorrect',
    });
  });
});
