import { expect, it } from 'vitest';
import { forever, targetOf } from '../../../../lab/proof/target.ts';
import { driverFor } from '../../../../runners/drivers/registry.ts';
import { sshServer } from '../transports/ssh-server.ts';

it('a Linux machine without `ip` is not said to have no addresses', async () => {
  await using server = await sshServer({
    exec: (command, channel) => {
      channel.write(`${/echo (plumbline:\w+)/.exec(command)?.[1]}\n`);
      channel.stderr.write("env: 'ip': No such file or directory\n");
      channel.exit(127);
      channel.end();
    },
  });
  const { knownHosts } = server.options;
  const target = targetOf({ platform: 'linux', port: server.port }, { knownHosts, password: 'x' });
  await using session = await driverFor('linux').open(target, forever);
  await expect(session.interfacesIp?.()).rejects.toMatchObject({
    code: 'unsupported',
    message: expect.stringMatching(/^r1: its addresses cannot be read: "ip addr" failed/),
    hint: expect.stringContaining('iproute2'),
  });
});
