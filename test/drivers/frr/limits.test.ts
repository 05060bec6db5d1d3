import { describe, expect, it } from 'vitest';
import { differ } from '../../../runners/drivers/frr/difference/diff.ts';
import * as limits from '../../../runners/drivers/frr/difference/limits.ts';
import { emptyTree, readTree } from '../../../runners/drivers/frr/difference/tree.ts';

const entries = (count: number) =>
  Array.from({ length: count }, (_, at) => `ip prefix-list P seq ${at + 1} permit 10.0.0.0/8`).join('\n');
const added = (text: string) => differ(emptyTree(), readTree(text));

describe('what FRR can do in the time there is', () => {
  it('knows that a list costs the more, the longer it is', () => {
    const small = limits.estimateMs(added(entries(250)), emptyTree());
    const large = limits.estimateMs(added(entries(4_000)), emptyTree());
    expect(small).toBeLessThan(3_000);
    expect(large).toBeGreaterThan(200_000);
    expect(limits.estimateMs(added(entries(250)), readTree(entries(4_000)))).toBeGreaterThan(20_000);
  });

  it('refuses what does not fit, and says which timer would do', () => {
    expect(limits.applySeconds('leaf1', 180, 3_000)).toBe(108);
    expect(() => limits.applySeconds('leaf1', 180, 220_000)).toThrowError(
      expect.objectContaining({ code: 'refused', hint: expect.stringContaining('367') }),
    );
    expect(() => limits.applySeconds('leaf1', 5, 1_000)).toThrowError(expect.objectContaining({ code: 'unsupported' }));
  });
});

describe('what FRR says against a line', () => {
  it('is found with its number in the syntax check', () => {
    expect(limits.fileComplaint('line 4: % Unknown command[4]: neighbour\n')).toEqual({
      line: 4,
      said: '% Unknown command[4]: neighbour',
    });
    expect(limits.fileComplaint('no such file')).toBeUndefined();
  });
});

describe('a password that FRR scrambles anew for each daemon', () => {
  it('is refused with its line, unless it is written as FRR has printed it', () => {
    const refuse = (text: string) => () => limits.refuseSalted('leaf1', text);
    expect(refuse('service password-encryption\nenable password canary\n')).toThrowError(
      expect.objectContaining({ code: 'rejected', line: 2, message: expect.not.stringContaining('canary') }),
    );
    expect(refuse('service password-encryption\npassword 8 abcdefghijklm\n')).not.toThrow();
    expect(refuse('password canary\n')).not.toThrow();
  });
});

describe('a daemon that is down', () => {
  it('is missed for lines under an interface, too', () => {
    const need = (line: string) => () => limits.needDaemons('leaf1', ' zebra bgpd', `interface eth1\n ${line}\nexit\n`);
    for (const [line, daemon] of [
      ['ip ospf area 0', 'ospfd'],
      ['ipv6 ospf6 area 0', 'ospf6d'],
      ['ip pim', 'pimd'],
      ['ip igmp version 2', 'pimd'],
      ['ipv6 router isis CORE', 'isisd'],
      ['isis metric 5', 'isisd'],
      ['vrrp 5 ip 192.0.2.1', 'vrrpd'],
    ] as const)
      expect(need(line)).toThrowError(
        expect.objectContaining({ line: 2, message: expect.stringContaining(`${daemon} is not running`) }),
      );
    expect(need('ip address 192.0.2.1/24')).not.toThrow();
  });
});

describe('what a running FRR cannot change', () => {
  it('is refused by name and line', () => {
    const refuse = (running: string, text: string) => () => limits.refuseUnremovable('leaf1', running, text);
    expect(refuse('frr defaults traditional\n', 'hostname x\nfrr defaults datacenter\n')).toThrowError(
      expect.objectContaining({ code: 'rejected', line: 2 }),
    );
    expect(refuse('frr defaults datacenter\n', 'hostname x\n')).toThrowError('frr defaults traditional');
    expect(refuse('username bob nopassword\n', 'hostname x\n')).toThrowError('cannot be removed while FRR runs');
    expect(refuse('frr defaults traditional\n', 'hostname x\n')).not.toThrow();
  });
});
