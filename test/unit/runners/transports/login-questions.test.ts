import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { registerSecret } from '../../../../core/redact/redact.ts';
import { targetOf } from '../../../../lab/proof/target.ts';
import { driverFor } from '../../../../runners/drivers/registry.ts';
import { inTime } from '../../../../runners/holding/login-time.ts';
import { sshServer } from './ssh-server.ts';
import { timeOver } from './time-over.ts';

const platforms = ['eos', 'ios', 'nxos', 'iosxr', 'junos', 'huawei_vrp', 'hp_comware', 'generic'] as const;

/** Logs in by SSH to a device that prints something instead of a prompt. @returns why that failed */
const login = async (platform: (typeof platforms)[number], printed: string, hangsUp = false) => {
  const time = timeOver();
  await using server = await sshServer({
    shell: (channel) => {
      channel.write(printed, hangsUp ? undefined : time.printed);
      if (hangsUp) channel.on('data', () => channel.end());
    },
  });
  const { port, options } = server;
  await writeFile(options.knownHosts, `[127.0.0.1]:${port} ssh-ed25519 ${server.hostKey.toString('base64')}\n`);
  const target = targetOf({ platform, transport: 'ssh', port }, { ...options, password: 'canary' });
  return await inTime('r1', time.signal, (signal) => driverFor(platform).open(target, signal)).then(
    () => 'a login',
    (error: Error) => error,
  );
};

describe.each(platforms)('a device of %s', (platform) => {
  it('that asks something is told with what it asks, masked and printable', async () => {
    registerSecret('canary');
    const error = await login(platform, '\r\nNotice\r\n\x1b[1mAccept the terms for canary? (yes/no)\x1b[0m ');
    expect(error).toMatchObject({
      code: 'unauthorized',
      message: 'r1: the login stops at "Accept the terms for <secret>? (yes/no)", and there is no answer for it',
    });
  });

  it('whose prompt is not of its platform is told with that prompt', async () => {
    const error = await login(platform, '\r\nWelcome\r\nleaf1 ready');
    expect(error).toMatchObject({
      code: 'unreachable',
      message: `r1: no login in time: the last line is "leaf1 ready", which is not a prompt of ${platform}`,
    });
  });
});

it('a device that hangs up when its question was answered is told with that question', async () => {
  const error = await login('huawei_vrp', '\r\nThe password needs to be changed. Change now? [Y/N]:', true);
  expect(error).toMatchObject({
    code: 'closed',
    message:
      'r1: the device hung up during the login; its last question was "The password needs to be changed. Change now? [Y/N]:"',
  });
});
