import { describe, expect, it } from 'vitest';
import { query } from '../../../../runners/requests/query.ts';

const bgp = {
  global: { peers: { '10.0.0.1': { is_up: true, uptime: 3 }, '10.0.0.2': { is_up: false, uptime: null } } },
};

describe('a query over structured output', () => {
  it('picks by path, by filter and by function', () => {
    expect(query(bgp, 'global.peers.*.is_up')).toEqual([true, false]);
    expect(query(bgp, 'global.peers."10.0.0.1".uptime')).toBe(3);
    expect(query(bgp, 'length(values(global.peers)[?is_up])')).toBe(1);
  });

  it('that is no JMESPath is refused with the expression', () => {
    expect(() => query(bgp, 'global.[')).toThrow(/^query "global.\[": /);
  });
});
