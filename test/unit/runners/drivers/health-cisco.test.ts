import { describe, expect, it } from 'vitest';
import type { HealthGetters, HealthName } from '../../../../runners/driver.ts';
import { iosHealth, iosxrHealth, nxosHealth } from '../../../../runners/drivers/cisco/getters/health.ts';

const parse = (getters: HealthGetters, name: HealthName, answers: Record<string, string>) =>
  getters[name]?.parse({ get: (request) => answers[request] });

describe('the health of IOS', () => {
  it('is read from its tables', () => {
    const routes = `IP routing table name is default (0x0)
IP routing table maximum-paths is 32
Route Source    Networks    Subnets     Replicates  Overhead    Memory (bytes)
application     0           0           0           0           0
connected       0           4           0           384         1216
static          1           0           0           96          304
ospf 1          1           3           0           288         924
  Intra-area: 2 Inter-area: 1 External-1: 0 External-2: 1
bgp 65001       2           10          0           960         3040
  External: 12 Internal: 0 Local: 0
internal        2                                               1040
Total           6           17          0           1728        6524
`;
    const red = routes.replace('is default', 'is red').replace('bgp 65001       2 ', 'bgp 65001       0 ');
    const answers = { 'show ip route summary': routes, 'show ip route vrf * summary': red };
    expect(parse(iosHealth, 'rib', answers)).toEqual({
      'global ipv4 ospf': { count: 4 },
      'global ipv4 bgp': { count: 12 },
      'red ipv4 ospf': { count: 4 },
      'red ipv4 bgp': { count: 10 },
    });
    const cef = 'IPv4 CEF is enabled and running\nVRF Default\n 33 prefixes (33/0 fwd/non-fwd)\n Table id 0x0\n';
    expect(parse(iosHealth, 'fib', { 'show ip cef summary': cef })).toEqual({ 'global ipv4': { count: 33 } });
    const description = `Interface                      Status         Protocol Description
Gi1                            up             up       to spine1
Gi2                            admin down     down     spare
Gi3                            down           down
Lo0                            up             up
`;
    expect(parse(iosHealth, 'interfaces', { 'show interfaces description': description })).toMatchObject({
      Gi1: { count: 1 },
      Gi2: { count: 0, state: 'admin down' },
      Gi3: { count: 0 },
      Lo0: { count: 1 },
    });
    const ospf = `
Neighbor ID     Pri   State           Dead Time   Address         Interface
10.0.0.2          1   FULL/DR         00:00:35    10.0.12.2       GigabitEthernet1
10.0.0.3          0   FULL/  -        00:00:31    10.0.13.2       GigabitEthernet2
10.0.0.4          1   EXSTART/BDR     00:00:39    10.0.14.2       GigabitEthernet3
`;
    expect(parse(iosHealth, 'ospf', { 'show ip ospf neighbor': ospf })).toMatchObject({
      '10.0.0.2 on GigabitEthernet1': { count: 1, state: 'FULL/DR', address: '10.0.12.2', expires: 35 },
      '10.0.0.3 on GigabitEthernet2': { count: 1, state: 'FULL/-', expires: 31 },
      '10.0.0.4 on GigabitEthernet3': { count: 0, state: 'EXSTART/BDR' },
    });
    const isis = `Tag CORE:
System Id      Type Interface   IP Address      State Holdtime Circuit Id
r2             L2   Gi1         10.0.12.2       UP    25       r2.01
r3             L1   Gi2         10.0.13.2       INIT  8        01
`;
    expect(parse(iosHealth, 'isis', { 'show isis neighbors': isis })).toMatchObject({
      'r2 on Gi1, L2': { count: 1, expires: 25, interface: 'Gi1' },
      'r3 on Gi2, L1': { count: 0, expires: 8 },
    });
    const lldp = `Capability codes:
    (R) Router, (B) Bridge, (T) Telephone, (C) DOCSIS Cable Device

Device ID           Local Intf     Hold-time  Capability      Port ID
leaf2               Gi1            120        R               Gi2
spine1.example.net  Gi0/2          100        B,R             Ethernet1
no-capabilities     Gi0/3          100                        eth0

Total entries displayed: 3
`;
    expect(parse(iosHealth, 'lldp', { 'show lldp neighbors': lldp })).toEqual({
      Gi1: { count: 1, interface: 'Gi1' },
      'Gi0/2': { count: 1, interface: 'Gi0/2' },
      'Gi0/3': { count: 1, interface: 'Gi0/3' },
    });
    expect(parse(iosHealth, 'lldp', { 'show lldp neighbors': '% LLDP is not enabled\n' })).toEqual({});
  });

  it.each([iosHealth, iosxrHealth, nxosHealth])('is unknown where no table is printed, and never nothing', (health) => {
    for (const name of ['rib', 'fib', 'interfaces', 'lldp'] as const) {
      expect(parse(health, name, {}), name).toBeNull();
      const odd = Object.fromEntries((health[name]?.requests ?? []).map((request) => [request, 'something else\n']));
      expect(parse(health, name, odd), name).toBeNull();
    }
    for (const name of ['ospf', 'isis'] as const) expect(parse(health, name, {}), name).toEqual({}); // does not run
  });
});

describe('the health of IOS-XR', () => {
  it('is read from its tables', () => {
    const routes = `Route Source                     Routes     Backup     Deleted     Memory(bytes)
connected                        4          1          0           880
local                            5          0          0           1000
ospf 1                           2          0          0           440
bgp 65001                        10         0          0           2000
dagr                             0          0          0           0
Total                            21         1          0           4320
`;
    expect(
      parse(iosxrHealth, 'rib', {
        'show route summary': routes,
        'show route ipv6 summary': routes,
        'show route vrf all summary': `\nVRF: red\n\n${routes}`,
      }),
    ).toMatchObject({
      'global ipv4 bgp': { count: 10 },
      'global ipv6 ospf': { count: 2 },
      'red ipv4 bgp': { count: 10 },
    });
    const cef = (vrf: string, rib: number) => `
  Load balancing: L4
  Tableid 0xe0000000 (0x975b57e8), Vrfid 0x60000000, Vrid 0x20000000, Flags 0x1019
  Vrfname ${vrf}, Refcount ${rib + 544}
  ${rib + 181} routes, 0 protected, 0 reresolve, 0 unresolved (0 old, 0 new), 219730536 bytes
    ${rib} rib, 0 lsd, 71 aib, 0 internal, 106 interface, 4 special, 1 default routes
    Prefix masklen distribution:
        unicast: 13797 /32, 262 /31, 1330 /30, 1948 /29, 1399 /28, 1060 /27
`;
    const head = 'Router ID is 192.168.0.23\n\nIP CEF with switching (Table Version 0) for node0_RP0_CPU0\n';
    const tables = {
      'show cef summary': `${head}${cef('default', 1_017_090)}`,
      'show cef ipv6 summary': `${head}${cef('default', 165_482)}`,
      'show cef vrf all ipv4 summary': `${head}${cef('default', 1_017_090)}${cef('red', 12)}`,
      'show cef vrf all ipv6 summary': '',
    };
    expect(parse(iosxrHealth, 'fib', tables)).toEqual({
      'global ipv4': { count: 1_017_090 },
      'global ipv6': { count: 165_482 },
      'red ipv4': { count: 12 },
    });
    const { 'show cef vrf all ipv6 summary': _refused, ...others } = tables;
    expect(parse(iosxrHealth, 'fib', others)).toBeNull(); // one that is not known is not one without routes
    const brief = `
               Intf       Intf        LineP              Encap  MTU        BW
               Name       State       State               Type (byte)    (Kbps)
--------------------------------------------------------------------------------
                Lo0          up          up           Loopback  1500          0
          Gi0/0/0/0          up          up               ARPA  1514    1000000
          Gi0/0/0/1  admin-down  admin-down               ARPA  1514    1000000
`;
    expect(parse(iosxrHealth, 'interfaces', { 'show interfaces brief': brief })).toMatchObject({
      Lo0: { count: 1 },
      'Gi0/0/0/0': { count: 1 },
      'Gi0/0/0/1': { count: 0, state: 'admin-down' },
    });
    const isis = `IS-IS CORE neighbors:
System Id      Interface        SNPA           State Holdtime Type IETF-NSF
r2             Gi0/0/0/0        *PtoP*         Up    26       L2   Capable

Total neighbor count: 1
`;
    expect(parse(iosxrHealth, 'isis', { 'show isis neighbors': isis })).toMatchObject({
      'r2 on Gi0/0/0/0, L2': { count: 1, expires: 26 },
    });
  });
});

describe('the health of NX-OS', () => {
  it('is read from its tables', () => {
    const routes = `IP Route Table for VRF "default"
Total number of routes: 12
Total number of paths:  12

Best paths per protocol:      Backup paths per protocol:
  am             : 1            None
  local          : 2
  direct         : 2
  broadcast      : 5
  ospf-1         : 2
  bgp-65001      : 3

Number of routes per mask-length:
  /8 : 1       /24: 3       /32: 6
IP Route Table for VRF "red"
Best paths per protocol:      Backup paths per protocol:
  bgp-65001      : 7
`;
    expect(parse(nxosHealth, 'rib', { 'show ip route summary vrf all': routes })).toEqual({
      'global ipv4 ospf': { count: 2 },
      'global ipv4 bgp': { count: 3 },
      'red ipv4 bgp': { count: 7 },
    });
    const fib = (vrf: string, total: number) => `
IPv4 routes for table ${vrf}/base

Cumulative route updates: 106
Cumulative route inserts: 263
Cumulative route deletes: 22
Total number of routes: ${total}
Total number of paths : 140

Number of routes per mask-length:
  /8 : 1       /30: 47      /32: 35
`;
    const forwarding = {
      'show ip route summary vrf all': routes,
      'show forwarding ipv4 route summary vrf all': `
slot  1
=======
${fib('default', 12)}${fib('red', 7)}
slot  3
=======
${fib('default', 11)}${fib('red', 7)}`,
    };
    expect(parse(nxosHealth, 'fib', { ...forwarding, 'show forwarding ipv6 route summary vrf all': '' })).toEqual({
      'global ipv4 on module 1': { count: 11 }, // one of the twelve is a host that ARP knows
      'red ipv4 on module 1': { count: 7 },
      'global ipv4 on module 3': { count: 10 },
      'red ipv4 on module 3': { count: 7 },
    });
    expect(parse(nxosHealth, 'fib', forwarding)).toBeNull(); // one that is not known is not one without routes
    const brief = `
--------------------------------------------------------------------------------
Port   VRF          Status IP Address                              Speed    MTU
--------------------------------------------------------------------------------
mgmt0  --           up     172.16.0.1                              1000     1500
Eth1/1        --      eth  routed up      none                        1000(D) --
Eth1/2        1       eth  access down    Administratively down       auto(D) --
Lo0                 up     --
Vlan10                   up      --
`;
    expect(parse(nxosHealth, 'interfaces', { 'show interface brief': brief })).toMatchObject({
      mgmt0: { count: 1 },
      'Eth1/1': { count: 1 },
      'Eth1/2': { count: 0 },
      Lo0: { count: 1 },
      Vlan10: { count: 1 },
    });
    const ospf = ` OSPF Process ID 1 VRF default
 Total number of neighbors: 1
 Neighbor ID     Pri State            Up Time  Address         Interface
 10.0.0.2          1 FULL/ -          00:10:00 10.0.12.2       Eth1/1
`;
    expect(parse(nxosHealth, 'ospf', { 'show ip ospf neighbors vrf all': ospf })).toMatchObject({
      '10.0.0.2 on Eth1/1': { count: 1, expires: null },
    });
    const isis = `IS-IS process: 1 VRF: default
System ID       SNPA            Level  State  Hold Time  Interface
r2              N/A             2      UP     00:00:25   Ethernet1/1
`;
    expect(parse(nxosHealth, 'isis', { 'show isis adjacency vrf all': isis })).toMatchObject({
      'r2 on Ethernet1/1, L2': { count: 1, expires: 25 },
    });
    const peers = `Interface Peer-IP          State LearnType Uptime   Router-Mac
--------- ---------------  ----- --------- -------- -----------------
nve1      10.0.0.9         Up    CP        00:10:00 5254.0000.0009
nve1      10.0.0.8         Down  CP        00:10:00 n/a
`;
    expect(parse(nxosHealth, 'evpn', { 'show nve peers': peers })).toEqual({
      '10.0.0.9': { count: 1 },
      '10.0.0.8': { count: 0 },
    });
  });
});
