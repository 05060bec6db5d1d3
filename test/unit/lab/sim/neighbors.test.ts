import { describe, expect, it } from 'vitest';
import { bench } from '../../../../lab/proof/bench.ts';
import { change } from '../../../../lab/proof/target.ts';
import { driverFor } from '../../../../runners/drivers/registry.ts';
import { readHealth } from '../../../../runners/lifecycle/checks/health.ts';

const eos = `hostname r1
!
interface Ethernet1
   description to spine1
   no switchport
   ip address 10.0.0.1/31
   ip ospf area 0.0.0.0
   isis enable CORE
!
interface Ethernet2
   no switchport
   ip address 10.0.1.1/31
!
interface Loopback0
   ip address 10.255.0.1/32
   isis enable CORE
!
router ospf 1
   network 10.0.1.0/24 area 0.0.0.0
!
router isis CORE
!
`;
const ios = `version 16.12
hostname r1
!
archive
 path flash:backup
!
lldp run
!
interface Loopback0
 ip address 10.255.0.1 255.255.255.255
 ip router isis
!
interface GigabitEthernet1
 description to spine1
 ip address 10.0.0.1 255.255.255.254
 ip ospf 1 area 0
 ip router isis
!
interface GigabitEthernet2
 ip address 10.0.1.1 255.255.255.254
!
router ospf 1
 network 10.0.1.0 0.0.0.255 area 0
!
router isis
!
`;
const iosxr = `hostname r1
lldp
!
interface GigabitEthernet0/0/0/0
 description to spine1
 ipv4 address 10.0.0.1 255.255.255.254
!
interface GigabitEthernet0/0/0/1
 ipv4 address 10.0.1.1 255.255.255.254
!
router isis 1
 interface GigabitEthernet0/0/0/0
 !
!
router ospf 1
 area 0
  interface Loopback0
   passive enable
  !
  interface GigabitEthernet0/0/0/0
  !
  interface GigabitEthernet0/0/0/1
  !
 !
!
`;
const nxos = `version 10.3(4a) Bios:version
hostname r1
feature ospf
feature isis
feature lldp

interface Ethernet1/1
  description to spine1
  no switchport
  ip address 10.0.0.1/31
  ip router ospf 1 area 0.0.0.0
  ip router isis 1

interface Ethernet1/2
  no switchport
  ip address 10.0.1.1/31
  ip router ospf 1 area 0.0.0.0
router ospf 1
router isis 1
`;
const junos = `system { host-name r1; }
interfaces {
    ge-0/0/0 { description "to spine1"; unit 0 { family inet { address 10.0.0.1/31; } family iso; } }
    ge-0/0/1 { unit 0 { family inet { address 10.0.1.1/31; } } }
    lo0 { unit 0 { family inet { address 10.255.0.1/32; } } }
}
protocols {
    isis { interface ge-0/0/0.0; interface lo0.0 { passive; } }
    lldp { interface all; }
    ospf { area 0.0.0.0 { interface ge-0/0/0.0; interface ge-0/0/1.0; } }
}
`;

const cases = [
  { platform: 'eos', transport: 'eapi', config: eos, port: 'Ethernet1' },
  { platform: 'ios', transport: 'ssh', config: ios, port: 'GigabitEthernet1' },
  { platform: 'iosxr', transport: 'ssh', config: iosxr, port: 'GigabitEthernet0/0/0/0' },
  { platform: 'nxos', transport: 'ssh', config: nxos, port: 'Ethernet1/1' },
  { platform: 'junos', transport: 'netconf', config: junos, port: 'ge-0/0/0.0' },
  { platform: 'junos', transport: 'ssh', config: junos, port: 'ge-0/0/0.0' },
] as const;

describe.each(cases)('a simulated $platform by $transport', ({ platform, transport, config, port }) => {
  it('has the neighbours that its configuration makes, and loses them with their link or on demand', async () => {
    const driver = driverFor(platform);
    await using device = await bench(driver, transport, { platform, config });
    const session = await device.open();
    const look = async () => {
      const told = await readHealth(driver, session, ['interfaces', 'ospf', 'isis', 'lldp']);
      const up = (name: keyof typeof told) => {
        const { vitals } = told[name] as { vitals: Record<string, { count: number }> };
        return Object.values(vitals).filter(({ count }) => count > 0).length;
      };
      return { interfaces: up('interfaces'), ospf: up('ospf'), isis: up('isis'), lldp: up('lldp') };
    };
    const { interfaces, ...neighbours } = await look();
    expect(neighbours).toEqual({ ospf: 2, isis: 1, lldp: 2 });
    device.sim.faults.set({ neighborLost: { match: `^ospf ${port}` } });
    expect(await look()).toEqual({ interfaces, ospf: 1, isis: 1, lldp: 2 });
    device.sim.faults.set({ neighborLost: { match: '^(?:isis|lldp) ' } });
    expect(await look()).toEqual({ interfaces, ospf: 2, isis: 0, lldp: 0 });
    const unheard = /0 percent \(0|100(?:\.00)?% packet loss|<ping-failure/;
    const ping = (host: string) => session.run(`ping ${host}`);
    expect(await ping('10.0.0.0')).not.toMatch(unheard);
    device.sim.faults.set({ neighborLost: null, linkDown: { match: `^${port.replace(/[.]0$/, '')}$` } });
    expect(await ping('10.0.0.0')).toMatch(unheard);
    expect(await ping('10.0.1.0')).not.toMatch(unheard);
    const parts = platform === 'junos' ? 2 : 1; // a port and its unit
    expect(await look()).toEqual({ interfaces: interfaces - parts, ospf: 1, isis: 0, lldp: 1 });
  });
  it('keeps them, and their names, whatever a description becomes', async () => {
    const driver = driverFor(platform);
    await using device = await bench(driver, transport, { platform, config });
    const session = await device.open();
    const look = async () =>
      Object.entries(await readHealth(driver, session, ['ospf', 'isis', 'lldp'])).map(([name, told]) => [
        name,
        Object.keys('vitals' in told ? told.vitals : told),
      ]);
    const before = await look();
    const edited = config.replace('to spine1', 'uplink');
    await using candidate = await session.load(edited, 'replace', change());
    const trial = await candidate.commit({ confirmSeconds: 120, fence: () => {} });
    await trial.confirm();
    expect(device.sim.running).toContain('uplink');
    expect(await look()).toEqual(before);
    expect(device.sim.device.neighbors('isis')).toMatchObject([{ system: 'spine1' }]);
  });
});
