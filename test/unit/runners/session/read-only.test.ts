import { describe, expect, it } from 'vitest';
import { checkDriver } from '../../../../runners/drivers/outside/shape.ts';
import { driverFor } from '../../../../runners/drivers/registry.ts';
import { onlyReads, readOnlyWords } from '../../../../runners/session/read-only.ts';

/** What reads and what does not, by platform; a platform's words stand beside those that every one must refuse. */
const table: Record<string, { reads: readonly string[]; changes: readonly string[] }> = {
  eos: {
    reads: [
      'show version',
      '  show   version ',
      'show running-config | section "router bgp|vlan"',
      'show ip bgp | json',
      'show version | no-more',
      'show log | grep -i "a|b" | tail -5',
      'ping 10.0.0.1',
      'traceroute 10.0.0.1',
      'dir flash:',
      'more flash:startup-config',
    ],
    changes: [
      'show version | tee flash:x',
      'show version | redirect flash:x',
      'show version | append flash:x',
      'show version | sh',
      'show version | awk {system("reboot")}',
      'show version | include "a" | sh',
      'show version |sh',
      'show version|sh',
      'show version | grep $(reboot)',
      'bash reboot',
      'configure session x',
      'enable',
      'install source flash:x',
    ],
  },
  junos: {
    reads: ['show configuration | display set | match "a|b"', 'show version | no-more', 'file list /var/tmp'],
    changes: [
      'request system reboot',
      'show configuration | save /var/tmp/x',
      'show configuration | append /var/tmp/x',
      'show configuration | tee /var/tmp/x',
      'show version | request message all',
      'file delete /var/tmp/x',
      'file copy a b',
      'start shell',
      'set cli screen-length 0',
      'restart routing',
      'edit',
    ],
  },
  iosxr: {
    reads: ['show bgp summary', 'show run | include a|b', 'show log | utility tail -n 5', 'admin show version'],
    changes: [
      'show run | file disk0:x',
      'show run | include a | file disk0:x',
      'show run | utility sort -o disk0:x',
      'show run | utility script x',
      'show run|file disk0:x',
      'admin reload',
      'commit',
      'run ls',
      'process restart bgp',
    ],
  },
  nxos: {
    reads: ['show ip bgp summary | include "a|b"', 'show version | json', 'ping6 2001:db8::1', 'show run | egrep bgp'],
    changes: [
      'show run > bootflash:x',
      'show run >> bootflash:x',
      'show run | sed -n w/bootflash/x',
      'show run | sort -o x',
      'show run | vsh',
      'show version ; reload',
      'checkpoint x',
      'rollback running-config checkpoint x',
      'run bash',
      'guestshell',
    ],
  },
  ios: {
    reads: ['show running-config | include a|b', 'show ip route 10.0.0.1', 'dir flash:', 'more flash:x'],
    changes: [
      'show running-config | redirect flash:x',
      'show running-config | tee flash:x',
      'show running-config | append flash:x',
      'show running-config | include a | redirect flash:x',
      'show running-config | include a |redirect flash:x',
      'show running-config | include a| redirect flash:x',
      'show running-config|redirect flash:x',
      'tclsh',
      'debug ip packet',
      'undebug all',
      'archive config',
      'test aaa group radius u p legacy',
      'delete flash:x',
    ],
  },
  frr: {
    reads: ['show bgp vrf all summary json', 'show running-config | include a|b', 'ping 10.0.0.1'],
    changes: ['show version | x', 'output file /tmp/x', 'start-shell', 'debug bgp updates', 'no debug bgp', 'end'],
  },
  bird: {
    reads: ['show protocols all', 'show route where bgp_path.len > 3 || net ~ 10.0.0.0/8', 'eval 1 + 1'],
    changes: ['configure soft', 'restart bgp1', 'disable bgp1', 'down', 'dump routes', 'show route ; down'],
  },
  linux: {
    reads: [
      'cat /etc/hosts',
      "grep -E 'a|b$' /etc/hosts | head -3",
      'ip -j addr show dev eth0',
      'ip route',
      'ip route get 192.0.2.1',
      'systemctl is-active frr',
      'journalctl -u frr -n 20',
      'hostname',
      'date -u',
      'ss -tlnp',
      'curl -fsS http://127.0.0.1:8080/health',
      "vtysh -c 'show bgp summary' -c 'show version'",
      'birdc show protocols',
      'ping -c 1 192.0.2.1',
    ],
    changes: [
      'rm -rf /tmp/x',
      'echo x > /tmp/x',
      'cat /etc/hosts > /tmp/x',
      'cat /etc/hosts; reboot',
      'cat /etc/hosts && reboot',
      'cat $(reboot)',
      'cat `reboot`',
      'cat "$(reboot)"',
      'cat "$X"',
      'cat /etc/hosts | tee /tmp/x',
      'cat /etc/hosts | sh',
      'sudo cat /etc/shadow',
      'sh -c "cat /etc/hosts"',
      'find / -delete',
      'ip addr add 192.0.2.1/24 dev eth0',
      'ip link set eth0 down',
      'ip -batch /tmp/x',
      'ip netns exec a reboot',
      'systemctl restart frr',
      'journalctl --vacuum-size=1',
      'hostname evil',
      'date -s 2020-01-01',
      'ss -K dst 192.0.2.1',
      'dmesg -c',
      'curl -o /tmp/x http://127.0.0.1/',
      'curl -X POST http://127.0.0.1/',
      "vtysh -c 'configure terminal'",
      "vtysh -c 'show version' -c 'write memory'",
      "vtysh -c 'show version' -c 'clear bgp *'",
      'birdc configure',
      'birdc "show protocols; configure"',
    ],
  },
  netconf: {
    reads: ['<get/>', ' <get-config><source><running/></source></get-config>', '<nc:get xmlns:nc="urn:x"/>'],
    changes: [
      '<commit/>',
      '<edit-config/>',
      '<get/><commit/>',
      '<get/></commands><commit/><commands>',
      '<get/></rpc>]]>]]><rpc><commit/></rpc>',
      '<get>',
      'show version',
    ],
  },
  huawei_vrp: {
    reads: ['display version', 'display current-configuration | include a|b', 'tracert 192.0.2.1'],
    changes: ['show version', 'display version > x', 'save', 'reset bgp all', 'system-view', 'display version | a'],
  },
  hp_comware: {
    reads: ['display version', 'display current-configuration | begin bgp'],
    changes: ['display version > x', 'display version >> x', 'save force', 'reset bgp all', 'undo bgp'],
  },
  generic: {
    reads: ['show version', 'display version', 'show running-config | include x'],
    changes: ['cat /etc/hosts', 'show version | tee x', 'show x | include "a|b"', 'ping 192.0.2.1'],
  },
};

const everywhere = [
  ...['', ' ', 'sh ver', 'sho version', 'disp version', 'showversion', 'do show version', 'unheard of', 'SHOW version'],
  ...['configure', 'configure terminal', 'conf t', 'clear bgp *', 'write', 'write memory', 'wr', 'reload', 'reboot'],
  ...['copy running-config startup-config', 'no router bgp 1', 'commit', 'request system reboot', 'exit'],
  ...['show version\nreload', 'show version\rreload', 'show version\x1areload', 'show version; reload'],
  ...['show version `reload`', 'display version\nsave'],
];

describe.each(Object.entries(table))('a command on %s', (platform, { reads, changes }) => {
  const { readOnly } = driverFor(platform);

  it.each(reads)('only reads: %s', (command) => {
    expect(onlyReads(readOnly, command)).toBe(true);
  });

  it.each([...changes, ...everywhere])('may change the device: %s', (command) => {
    expect(onlyReads(readOnly, command)).toBe(false);
  });

  it('is told by words that people can read', () => {
    expect(readOnlyWords(readOnly)).toMatch(/^[\w<]/);
    expect(readOnlyWords(readOnly)).not.toContain('[object');
  });
});

describe('a driver from a file', () => {
  const driver = { ...driverFor('generic'), platform: 'acme_os' };

  it('knows `show` and `display` where it declares nothing', () => {
    expect(onlyReads(undefined, 'show version | include x')).toBe(true);
    expect(onlyReads(undefined, 'display version')).toBe(true);
    for (const command of ['dir', 'show version | tee x', 'reload']) expect(onlyReads(undefined, command)).toBe(false);
  });

  it('may declare words and expressions, and is told what is wrong with them', () => {
    const clock = { like: 'clock', pattern: /^clock$/ };
    const declared = checkDriver('acme.ts', { ...driver, readOnly: { commands: ['look', clock] } });
    expect(onlyReads(declared.readOnly, 'clock')).toBe(true);
    expect(onlyReads(declared.readOnly, 'clock set')).toBe(false);
    const wrong = { ...driver, readOnly: { commands: [{ like: 'clock', pattern: 'clock' }] } };
    expect(() => checkDriver('acme.ts', wrong)).toThrow(/acme\.ts: its driver is invalid: "readOnly\.commands" is not/);
  });
});
