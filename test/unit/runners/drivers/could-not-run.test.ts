import { describe, expect, it } from 'vitest';
import type { CliDriver } from '../../../../runners/dialogue/cli-driver.ts';
import { Dialogue } from '../../../../runners/dialogue/dialogue.ts';
import { readReply } from '../../../../runners/drivers/bird/cli.ts';
import { eosCli } from '../../../../runners/drivers/eos/ssh.ts';
import { answerOf, vtysh } from '../../../../runners/drivers/frr/cli.ts';
import { comwareCli } from '../../../../runners/drivers/hp_comware/cli.ts';
import { vrpCli } from '../../../../runners/drivers/huawei_vrp/platform.ts';
import { iosCli } from '../../../../runners/drivers/ios/platform.ts';
import { iosxrCli } from '../../../../runners/drivers/iosxr/platform.ts';
import { junosCli } from '../../../../runners/drivers/junos/cli.ts';
import { nxosCli } from '../../../../runners/drivers/nxos/platform.ts';
import { FakeDevice } from '../dialogue/fake-device.ts';

const command = 'the command';

/** What a person gets who ran a command to which the device says this. */
const ran = async (driver: CliDriver, prompt: string, said: string): Promise<string> => {
  const device = new FakeDevice({ [command]: said.replaceAll('\n', '\r\n') }, prompt);
  await using cli = new Dialogue(device, driver, { name: 'leaf1' });
  device.say(prompt);
  await cli.start({ totalMs: 60_000 });
  const output = await cli.send(command);
  return driver === vtysh ? answerOf('leaf1', command, output) : output;
};

const rows = (row: string): string => `${row}\n`.repeat(20);

const platforms: readonly [name: string, driver: CliDriver, prompt: string, refusals: readonly string[]][] = [
  [
    'frr',
    vtysh,
    'leaf1# ',
    [
      "Can't execute ping: No such file or directory",
      "Can't fork: Resource temporarily unavailable",
      'bgpd is not running',
      'zebra is not running',
      'Exiting: failed to connect to any daemons.',
      '% Unknown command: the command',
      '% [bgpd]: command ignored as it targets an instance that is not running',
    ],
  ],
  ['eos', eosCli, 'leaf1#', ['% Invalid input', '% Authorization denied for command', '% Unavailable command (x)']],
  [
    'ios',
    iosCli,
    'leaf1#',
    [
      '% Unrecognized host or address, or protocol not running.',
      '% Authorization failed.',
      'Command authorization failed.',
    ],
  ],
  ['iosxr', iosxrCli, 'RP/0/RP0/CPU0:leaf1#', ['% This command is not authorized', '% Incomplete command.']],
  [
    'nxos',
    nxosCli,
    'leaf1# ',
    ['% Permission denied for the role', 'Cmd exec error.', 'Error: AAA authorization failed for command:the command'],
  ],
  ['junos', junosCli, 'ann@leaf1> ', ['error: the bgp subsystem is not running', 'unknown command.']],
  ['huawei_vrp', vrpCli, '<leaf1>', ['Error: You do not have permission to run the command.']],
  ['hp_comware', comwareCli, '<leaf1>', ['% Permission denied.']],
];

describe.each(platforms)('a command that %s could not run', (_, driver, prompt, refusals) => {
  it.each(refusals)('is refused: %s', async (said) => {
    await expect(ran(driver, prompt, `${said}\n`)).rejects.toMatchObject({
      code: 'rejected',
      message: `leaf1: "${command}": ${said}`,
    });
  });
});

describe('a command of FRR that ran', () => {
  it.each([
    ['and came to nothing', 'PING 10.255.0.99 (10.255.0.99) 56(84) bytes of data.\n\n100% packet loss\n'],
    ['with a word in a description', ' bgpd is not running here, says the description\nLast Error: none\n'],
    ['with a line in its midst', `${rows(' 10 permit any')}bgpd is not running\n${rows(' 20 deny any')}`],
  ])('is told as it is, %s', async (_, said) => {
    expect(await ran(vtysh, 'leaf1# ', said)).toBe(said.trimEnd());
  });
});

describe('a command that BIRD could not run', () => {
  it.each([
    ['0001 BIRD 2.0.12 ready.\n9001 syntax error, unexpected CF_SYM_UNDEFINED\n', 'syntax error'],
    ['0001 BIRD 2.0.12 ready.\n8003 No protocols match\n', 'No protocols match'],
    ['Unable to connect to server control socket (/run/bird/bird.ctl): Connection refused\n', 'does not answer'],
  ])('is refused: %j', (said, why) => {
    expect(readReply(said).refused).toContain(why);
  });
});
