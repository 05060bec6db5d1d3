import { describe, expect, it } from 'vitest';
import { readDiff } from '../../../runners/drivers/frr-diff.ts';
import * as limits from '../../../runners/drivers/frr-limits.ts';

const entries = (count: number) =>
  Array.from({ length: count }, (_, at) => `ip prefix-list P seq ${at + 1} permit 10.0.0.0/8`).join('\n');
const added = (text: string) => readDiff(`\nLines To Add\n============\n${text}\n`, '', false);

describe('what FRR can do in the time there is', () => {
  it('knows that a list costs the more, the longer it is', () => {
    const small = limits.estimateMs(added(entries(250)), '');
    const large = limits.estimateMs(added(entries(4_000)), '');
    expect(small).toBeLessThan(3_000);
    expect(large).toBeGreaterThan(200_000);
    expect(limits.estimateMs(added(entries(250)), `${entries(4_000)}\n`)).toBeGreaterThan(20_000);
  });

  it('refuses what does not fit, and says which timer would do', () => {
    expect(limits.applySeconds('leaf1', 180, 3_000)).toBe(108);
    expect(() => limits.applySeconds('leaf1', 180, 220_000)).toThrowError(
      expect.objectContaining({ code: 'refused', hint: expect.stringContaining('367') }),
    );
    expect(() => limits.applySeconds('leaf1', 5, 1_000)).toThrowError(expect.objectContaining({ code: 'unsupported' }));
  });
});

describe('a secret that goes or changes', () => {
  const path = ['router bgp 65001'];
  it('is taken back without being said', () => {
    expect(limits.secretsFirst([{ path, line: 'no neighbor 10.0.0.0 password canary' }], [])).toBe(
      'router bgp 65001\nno neighbor 10.0.0.0 password\nexit\n',
    );
    expect(limits.secretsFirst([{ path: [], line: 'no enable password 8 canary' }], [])).toBe('no enable password\n');
    expect(limits.secretsFirst([{ path, line: 'no neighbor 10.0.0.0 description password of x' }], [])).toBe('');
  });

  it('gives way to the one that comes in its place', () => {
    const to = [{ path, line: 'neighbor 10.0.0.0 password canary-2' }];
    expect(limits.secretsFirst([{ path, line: 'no neighbor 10.0.0.0 password canary' }], to)).toBe(
      'router bgp 65001\nneighbor 10.0.0.0 password canary-2\nexit\n',
    );
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

  it('is found with its number in the text when it comes while applying', () => {
    const log =
      '% Configure the peer-group first\nline 5: Failure to communicate[13] to bgpd, line:  neighbor 10.9.9.9 peer-group NADA \n\n';
    const text = 'router bgp 1\n neighbor 10.9.9.9   peer-group NADA\n';
    expect(limits.applyComplaint(log, text)).toEqual({
      line: 2,
      said: '"neighbor 10.9.9.9 peer-group NADA": % Configure the peer-group first',
    });
    expect(limits.applyComplaint('"no x" we failed to remove this command\n', text)).toEqual({
      line: undefined,
      said: '"no x" we failed to remove this command',
    });
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
