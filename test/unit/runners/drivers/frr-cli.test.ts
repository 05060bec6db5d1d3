import { describe, expect, it } from 'vitest';
import { Dialogue } from '../../../../runners/dialogue/dialogue.ts';
import { vtysh } from '../../../../runners/drivers/frr/cli.ts';
import { FakeDevice } from '../dialogue/fake-device.ts';

const ask = async (said: string): Promise<string> => {
  const device = new FakeDevice({ 'the command': said.replaceAll('\n', '\r\n') });
  await using cli = new Dialogue(device, vtysh, { name: 'leaf1' });
  device.say(device.prompt);
  await cli.start({ totalMs: 2_000 });
  return cli.send('the command');
};

describe('a command that vtysh could not run', () => {
  it.each([
    ["Can't execute ping: No such file or directory\n"],
    ["Can't fork: Resource temporarily unavailable\n"],
    ['bgpd is not running\n'],
    ['zebra is not running\n'],
    ['Exiting: failed to connect to any daemons.\n'],
    ['Failed to open logfile (/x): Permission denied\n'],
    ['% Unknown command: the command\n'],
    ['% Command incomplete: the command\n'],
    ['% Ambiguous command: the command\n'],
    ['% There is no matched command.\n'],
    ['% [bgpd]: command ignored as it targets an instance that is not running\n'],
  ])('is refused: %j', async (said) => {
    await expect(ask(said)).rejects.toMatchObject({
      code: 'rejected',
      message: `leaf1: "the command": ${said.trim()}`,
    });
  });

  it.each([
    ['PING 10.255.0.99 (10.255.0.99) 56(84) bytes of data.\n\n1 packets transmitted, 0 received, 100% packet loss\n'],
    [' bgpd is not running here, says the description\nInterface eth0 is down, Last Error: none\n'],
  ])('but not one that ran, whatever came of it: %j', async (said) => {
    expect(await ask(said)).toBe(said.trimEnd());
  });
});
