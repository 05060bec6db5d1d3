import { spawnSync } from 'node:child_process';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { interfacesIp } from '../../../../runners/drivers/linux/getters/interfaces-ip.ts';
import { gather } from '../../../../runners/getters/getter.ts';

const run = (command: string) => {
  const [word = '', ...words] = command.split(' ');
  return spawnSync(word, words, {
    encoding: 'utf8',
    env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` },
  });
};
const text = `1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
    inet 127.0.0.1/8 scope host lo
       valid_lft forever preferred_lft forever
    inet6 ::1/128 scope host
       valid_lft forever preferred_lft forever
7: eth0.10@eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default qlen 1000
    inet 10.0.0.1/24 brd 10.0.0.255 scope global eth0.10
    inet 10.0.0.2/24 brd 10.0.0.255 scope global secondary eth0.10
    inet6 2001:DB8::A/64 scope global
8: ppp0: <POINTOPOINT,UP,LOWER_UP> mtu 1500
    inet 10.1.0.1 peer 10.1.0.2/32 scope global ppp0
9: dummy0: <BROADCAST,NOARP> mtu 1500 qdisc noop state DOWN
`;

describe('the addresses of a Linux machine', () => {
  it('are read from text where its `ip` knows no JSON', async () => {
    const asked: string[] = [];
    const found = await gather(interfacesIp, async (requests) => {
      asked.push(...requests);
      return requests.map((request) => (request === 'ip addr' ? text : undefined));
    });
    expect(asked).toEqual(['ip -j addr', 'ip addr']);
    expect(found).toEqual({
      lo: { ipv4: { '127.0.0.1': { prefix_length: 8 } }, ipv6: { '::1': { prefix_length: 128 } } },
      'eth0.10': {
        ipv4: { '10.0.0.1': { prefix_length: 24 }, '10.0.0.2': { prefix_length: 24 } },
        ipv6: { '2001:db8::a': { prefix_length: 64 } },
      },
      ppp0: { ipv4: { '10.1.0.1': { prefix_length: 32 } } },
    });
  });

  it.skipIf(run('ip addr').status !== 0 && !process.env.CI)('are the same from JSON and from text, for real', () => {
    const fromJson = () => interfacesIp.parse({ get: (request) => run(request).stdout });
    const fromText = () =>
      interfacesIp.parse({ get: (request) => (request === 'ip addr' ? run(request).stdout : undefined) });
    let [before, text, after] = [fromJson(), fromText(), fromJson()];
    // whoever sets up a network on this machine meanwhile is no business of the two forms
    while (!isDeepStrictEqual(before, after)) [before, text, after] = [after, fromText(), fromJson()];
    expect(before.lo?.ipv4?.['127.0.0.1']).toEqual({ prefix_length: 8 });
    expect(text).toEqual(before);
  });
});
