import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { CliDriver } from '../../../../runners/dialogue/cli-driver.ts';
import { Dialogue } from '../../../../runners/dialogue/dialogue.ts';
import { FakeDevice, plainCli } from './fake-device.ts';

const driver: CliDriver = { ...plainCli, setup: ['no paging', 'wide'] };

/** Counts what is written to the device, each time in one go. */
const login = async (device: FakeDevice, like = driver) => {
  const writes: string[] = [];
  const write = device._write.bind(device);
  device._write = (chunk, encoding, done) => {
    writes.push(chunk.toString());
    write(chunk, encoding, done);
  };
  const cli = new Dialogue(device, like, { name: 'leaf1' });
  device.say(device.prompt);
  await cli.start({ totalMs: 5_000 });
  return { cli, writes };
};

/** It reads line by line, each after a while. */
class SlowDevice extends FakeDevice {
  /** How long, in ms, before each of the next lines; not at all where none is left. */
  waits: number[] = [];
  silent = false;
  #reads: Promise<void> = Promise.resolve();

  override _write(chunk: string | Buffer, encoding: BufferEncoding, done: () => void): void {
    for (const line of chunk.toString().match(/[^\n]*\n/g) ?? [])
      this.#reads = this.#reads.then(async () => {
        const ms = this.waits.shift() ?? 0;
        if (ms > 0) await wait(ms);
        super._write(line, encoding, () => {});
      });
    done();
  }

  override say(text: string): void {
    super.say(this.silent ? text.replace(`${this.typed.at(-1)}\r\n`, '') : text);
  }
}

const commands = (device: FakeDevice) => device.typed.filter((line) => line.trim() !== '');
const text = (lines: readonly string[]) => lines.map((line) => `${line}\r\n`).join('');

describe('commands that only print', () => {
  it('go in one go after a set-up in one go, and each is answered to its end', async () => {
    const device = new FakeDevice({
      'show a': text(['one', 'leaf1# ', 'leaf1# show b', 'two']),
      'show b': text(['b']),
    });
    const { cli, writes } = await login(device);
    expect(await cli.showAll(['show a', 'show b', 'show c'])).toEqual([
      { said: 'one\nleaf1# \nleaf1# show b\ntwo', refused: undefined },
      { said: 'b', refused: undefined },
      { said: '', refused: undefined },
    ]);
    expect(writes).toHaveLength(2);
  });

  it('are each refused for itself', async () => {
    const device = new FakeDevice({ 'show a': '% Invalid input\r\n', 'show b': text(['b']) });
    const { cli } = await login(device);
    const [first, second] = await cli.showAll(['show a', 'show b']);
    expect(first?.refused?.message).toBe('leaf1: "show a": % Invalid input');
    expect(second).toEqual({ said: 'b', refused: undefined });
  });

  it('are heard whatever the pieces, also from a device that has got another name', async () => {
    for (const bytes of [1, 3, 1000]) {
      const device = new FakeDevice({ 'show a': text(['one']), 'show b': text(['two']) }, 'leaf1# ', bytes);
      const { cli } = await login(device);
      device.prompt = 'spine2# ';
      device.say('');
      const shown = await cli.showAll(['show a', 'show b']);
      expect(shown.map(({ said }) => said)).toEqual(['one', 'two']);
      expect(cli.prompt).toBe('spine2# ');
    }
  });

  it.concurrent('are asked again one by one where an answer holds all that could be its end', async () => {
    const ends = Array.from({ length: 40 }, (_, count) => [`leaf1# ${' '.repeat(count)}`, 'leaf1# show b']).flat();
    const device = new FakeDevice({ 'show a': text([...ends, 'last']), 'show b': text(['b']) });
    const { cli } = await login(device);
    const shown = await cli.showAll(['show a', 'show b']);
    expect(shown.map(({ said }) => said.split('\n').at(-1))).toEqual(['last', 'b']);
    expect(commands(device).slice(2)).toEqual(['show a', 'show b', 'show a', 'show b']);
  });

  it.concurrent('are not answered by what a device that stood still at its prompt says once it reads them late', async () => {
    const device = new FakeDevice({ 'show a': text(['a']), 'show b': text(['b']) }, 'leaf1# ', 7);
    const { cli } = await login(device);
    const write = device._write.bind(device);
    const kept: string[] = [];
    device._write = (chunk, encoding, done) => {
      kept.push(chunk.toString());
      if (kept.length === 1) device.say(`\r\n%SYS-5-CONFIG_I: Configured from console\r\n${device.prompt}`);
      else write(kept.splice(0).join(''), encoding, () => {});
      if (kept.length === 0) device._write = write;
      done();
    };
    const shown = await cli.showAll(['show a', 'show b']);
    expect(shown.map(({ said }) => said)).toEqual(['a', 'b']);
    expect(commands(device).slice(2)).toEqual(['show a', 'show b', 'show a', 'show b']);
  });

  it.concurrent('are asked one by one, from the set-up on, of a device that drops what is typed ahead', async () => {
    const device = new FakeDevice({ 'show a': text(['a']), 'show b': text(['b']) });
    const write = device._write.bind(device);
    device._write = (chunk, encoding, done) => write(`${chunk.toString().split('\n')[0]}\n`, encoding, done);
    const { cli } = await login(device);
    const shown = await cli.showAll(['show a', 'show b']);
    expect(shown.map(({ said }) => said)).toEqual(['a', 'b']);
    expect(commands(device)).toEqual(['no paging', 'no paging', 'wide', 'show a', 'show b']);
  });
});

describe('a set-up', () => {
  it('is over before anything else is asked of a device that is slow to read it', async () => {
    const device = new SlowDevice({ wide: text(['it is']) });
    device.waits = [0, 1_200, 350, 350, 350, 350]; // the echo of the second line comes late
    const { cli } = await login(device);
    expect(await cli.send('say nothing')).toBe('');
  });

  it('goes line by line to a device that does not show what is typed', async () => {
    const device = new SlowDevice({ 'show a': text(['a']) });
    device.waits = [10, 10, 10, 10];
    device.silent = true;
    const { cli } = await login(device, { ...driver, silent: true });
    expect(await cli.send('show a')).toBe('a');
    expect(commands(device)).toEqual(['no paging', 'wide', 'show a']);
  });
});

describe('lines of a configuration that are typed in one go', () => {
  /** Reads what is typed after so much of it, once it is nudged by more: a device that stood still meanwhile. */
  const stopsAfter = (device: FakeDevice, count: number) => {
    const write = device._write.bind(device);
    const kept: string[] = [];
    device._write = (chunk, encoding, done) => {
      const lines: string[] = chunk.toString().match(/[^\n]*\n/g) ?? [];
      if (lines.length > count) kept.push(...lines.splice(count));
      else lines.unshift(...kept.splice(0));
      write(lines.join(''), encoding, done);
    };
  };
  const lines = ['one', 'two', 'three'];
  const soon = { manyDoubtMs: 20 };

  it('are each answered for themselves by a device that stood at its prompt in their midst', async () => {
    const device = new FakeDevice({ three: '% Invalid input\r\n', next: text(['fine']) });
    const { cli } = await login(device);
    stopsAfter(device, 1);
    await expect(cli.sendAll(lines, soon)).rejects.toMatchObject({
      code: 'rejected',
      line: 3,
      message: 'leaf1: "three": % Invalid input',
    });
    expect(await cli.send('next')).toBe('fine');
  });

  it('end the session where the device drops one: whether it took it is not known', async () => {
    const device = new FakeDevice({});
    const { cli } = await login(device);
    const write = device._write.bind(device);
    device._write = (chunk, encoding, done) => write(chunk.toString().replace('two\n', ''), encoding, done);
    await expect(cli.sendAll(lines, soon)).rejects.toMatchObject({
      code: 'closed',
      message: 'leaf1: "two" was typed and never shown by the device: whether it took it is not known',
    });
    await expect(cli.send('next')).rejects.toMatchObject({ code: 'closed' });
  });
});

it('a line is not answered by the prompt behind what the device logs before it reads that line', async () => {
  const device = new FakeDevice({ commit: '% Invalid input\r\n', next: text(['fine']) });
  const { cli } = await login(device);
  const write = device._write.bind(device);
  const late: (() => void)[] = [];
  device._write = (chunk, encoding, done) => {
    if (late.length === 0) device.say(`\r\n%SYS-5-CONFIG_I: Configured from console\r\n${device.prompt}`);
    late.push(() => write(chunk, encoding, () => {}));
    if (late.length > 1) for (const read of late) read();
    done();
  };
  await expect(cli.send('commit', { manyDoubtMs: 20 })).rejects.toMatchObject({
    code: 'rejected',
    message: 'leaf1: "commit": % Invalid input',
  });
  device._write = write;
  expect(await cli.send('next')).toBe('fine');
});

it('a line that the device reads soon after it logged is answered without another', async () => {
  const device = new FakeDevice({ commit: '% Invalid input\r\n' });
  const { cli, writes } = await login(device);
  const write = device._write.bind(device);
  device._write = (chunk, encoding, done) => {
    device.say(`\r\n%SYS-5-CONFIG_I: Configured from console\r\n${device.prompt}`);
    device._write = write;
    setTimeout(() => write(chunk, encoding, done), 400);
  };
  await expect(cli.send('commit')).rejects.toMatchObject({ code: 'rejected' });
  expect(writes.filter((line) => /^ +\n$/.test(line) && line.length > 31)).toEqual([]);
});
