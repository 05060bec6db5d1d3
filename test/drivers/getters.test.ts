import { afterEach, describe, expect, it } from 'vitest';
import { type Bench, bench } from '../../lab/proof/bench.ts';
import { eos } from '../../runners/drivers/eos/platform.ts';
import { ios } from '../../runners/drivers/ios/platform.ts';
import { iosxr } from '../../runners/drivers/iosxr/platform.ts';
import { junos } from '../../runners/drivers/junos/platform.ts';
import { nxos } from '../../runners/drivers/nxos/platform.ts';

const eosText = `hostname r1
!
username admin privilege 15 role network-admin secret sha512 $6$abc$def
!
interface Ethernet1
   no switchport
   ip address 10.0.0.1/31
   ipv6 address 2001:db8::1/64
!
router bgp 65001
   router-id 10.255.0.1
   neighbor 10.0.0.0 remote-as 65002
   neighbor 10.0.0.0 description to the spine
!
end
`;
const iosText = `hostname r1
!
interface GigabitEthernet1
 ip address 10.0.0.1 255.255.255.254
 ipv6 address 2001:DB8::1/64
!
router bgp 65001
 bgp router-id 10.255.0.1
 neighbor 10.0.0.0 remote-as 65002
!
end
`;
const xrText = `hostname r1
interface GigabitEthernet0/0/0/0
 ipv4 address 10.0.0.1 255.255.255.254
 ipv6 address 2001:db8::1/64
!
router bgp 65001
 bgp router-id 10.255.0.1
 address-family ipv4 unicast
 !
 neighbor 10.0.0.0
  remote-as 65002
  address-family ipv4 unicast
  !
 !
!
end
`;
const nxosText = `version 10.3(4a) Bios:version
hostname r1
feature bgp

interface Ethernet1/1
  no switchport
  ip address 10.0.0.1/31
  ipv6 address 2001:db8::1/64

router bgp 65001
  router-id 10.255.0.1
  neighbor 10.0.0.0
    remote-as 65002
    address-family ipv4 unicast
`;
const junosText = `system {
    host-name r1;
    root-authentication {
        encrypted-password "$6$abc$def";
    }
}
interfaces {
    ge-0/0/0 {
        unit 0 {
            family inet {
                address 10.0.0.1/31;
            }
            family inet6 {
                address 2001:db8::1/64;
            }
        }
    }
}
routing-options {
    router-id 10.255.0.1;
    autonomous-system 65001;
}
protocols {
    bgp {
        group peers {
            type external;
            peer-as 65002;
            neighbor 10.0.0.0;
        }
    }
}
`;

const cases = [
  { driver: eos, platform: 'eos', transport: 'ssh', config: eosText, port: 'Ethernet1' },
  { driver: eos, platform: 'eos', transport: 'eapi', config: eosText, port: 'Ethernet1' },
  { driver: ios, platform: 'ios', transport: 'ssh', config: iosText, port: 'GigabitEthernet1' },
  { driver: iosxr, platform: 'iosxr', transport: 'ssh', config: xrText, port: 'GigabitEthernet0/0/0/0' },
  { driver: nxos, platform: 'nxos', transport: 'ssh', config: nxosText, port: 'Ethernet1/1' },
  { driver: junos, platform: 'junos', transport: 'netconf', config: junosText, port: 'ge-0/0/0.0' },
  { driver: junos, platform: 'junos', transport: 'ssh', config: junosText, port: 'ge-0/0/0.0' },
] as const;

/** What a session that is up must tell, and what the platform does not say of it. */
const silent: Record<string, readonly string[]> = {
  eos: ['last_error'],
  ios: ['last_error'],
  iosxr: ['last_error'],
  nxos: ['last_error'],
  junos: ['keepalives_received', 'last_error'], // it counts all messages in one
};

describe.each(cases)('the getters of $platform over $transport', ({ driver, platform, transport, config, port }) => {
  const { getters } = driver.capabilities;
  let device: Bench;
  afterEach(() => device[Symbol.asyncDispose]());
  const open = async () => {
    device = await bench(driver, transport, { platform, config });
    return device.open();
  };

  it('are those that its capabilities name', async () => {
    const session = await open();
    expect(session.bgpDetail !== undefined).toBe(getters.includes('bgp-detail'));
    expect(session.interfacesIp !== undefined).toBe(getters.includes('interfaces-ip'));
  });

  it('tell facts, sessions, their details and the addresses of a running device', async () => {
    const session = await open();
    const facts = await session.facts();
    expect(facts).toMatchObject({ hostname: 'r1', uptime: expect.any(Number) });
    expect([null, 'r1']).toContain(facts.fqdn); // no domain is configured
    const peers = (await session.bgp()).global?.peers;
    expect(peers?.['10.0.0.0']).toMatchObject({ remote_as: 65002 });
    if (session.bgpDetail) {
      const [detail] = (await session.bgpDetail()).global?.['65002'] ?? [];
      expect(detail).toMatchObject({ remote_address: '10.0.0.0', local_as: 65001, up: peers?.['10.0.0.0']?.is_up });
    }
    const addresses = (await session.interfacesIp?.())?.[port];
    expect(addresses?.ipv4).toEqual({ '10.0.0.1': { prefix_length: 31 } });
    expect(addresses?.ipv6).toMatchObject({ '2001:db8::1': { prefix_length: 64 } });
  });

  it('leave nothing of a session that is up unsaid', async () => {
    const session = await open();
    device.sim.device.clock.advance(5_000);
    const peer = (await session.bgp()).global?.peers['10.0.0.0'];
    expect(peer).toMatchObject({ is_up: true, is_enabled: true, state: 'Established', flaps: 0 });
    const unsaid = Object.entries(peer ?? {}).flatMap(([field, value]) => (value === null ? [field] : []));
    expect(unsaid).toEqual(silent[platform]);
    expect(Object.keys(peer?.address_family ?? {})).toEqual(['ipv4']);
    const counts = peer?.address_family.ipv4;
    expect(counts).toMatchObject({ accepted_prefixes: expect.any(Number), sent_prefixes: expect.any(Number) });
    const detail = (await session.bgpDetail?.())?.global?.['65002']?.[0];
    expect(detail).toMatchObject({
      up: true,
      connection_state: 'Established',
      holdtime: peer?.hold_seconds,
      accepted_prefix_count: counts?.accepted_prefixes,
      advertised_prefix_count: counts?.sent_prefixes,
      input_messages: expect.any(Number),
      flap_count: 0,
    });
  });
});
