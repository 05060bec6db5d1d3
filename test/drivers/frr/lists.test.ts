import { describe, expect, it } from 'vitest';
import { areLong, numbered, withoutLists } from '../../../runners/drivers/frr/difference/lists.ts';
import { readTree } from '../../../runners/drivers/frr/difference/tree.ts';

describe('entries of a list of FRR', () => {
  it('have the numbers that FRR gives them, each list for itself', () => {
    const text = [
      'access-list A permit 192.0.2.0/24',
      'access-list A remark kept as it is',
      'access-list A seq 12 deny any',
      'access-list A permit any',
      'ip prefix-list A permit 10.0.0.0/8',
      'ipv6 prefix-list A permit 2001:db8::/32 le 64',
      'bgp as-path access-list P permit ^65001$',
      'bgp community-list standard C permit 65001:1',
      'bgp community-list 100 permit 65001:.*',
    ];
    expect(numbered(text.join('\n'))).toEqual([
      'access-list A seq 5 permit 192.0.2.0/24',
      'access-list A remark kept as it is',
      'access-list A seq 12 deny any',
      'access-list A seq 15 permit any',
      'ip prefix-list A seq 5 permit 10.0.0.0/8',
      'ipv6 prefix-list A seq 5 permit 2001:db8::/32 le 64',
      'bgp as-path access-list P seq 5 permit ^65001$',
      'bgp community-list standard C seq 5 permit 65001:1',
      'bgp community-list 100 seq 5 permit 65001:.*',
    ]);
  });

  it('are left out of a text without moving its other lines, where there are too many to try out', () => {
    const entries = Array.from({ length: 300 }, (_, at) => `ip prefix-list P seq ${at + 1} permit 10.0.0.0/8`);
    const text = `hostname a\n${entries.join('\n')}\nrouter bgp 1\n`;
    expect(areLong(text, readTree(''))).toBe(true);
    expect(areLong('hostname a\n', readTree(text))).toBe(true);
    expect(areLong('hostname a\n', readTree(''))).toBe(false);
    expect(withoutLists(text).split('\n').indexOf('router bgp 1')).toBe(301);
  });
});
