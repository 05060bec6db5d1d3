import { describe, expect, it } from 'vitest';
import { labelsOf } from '../../../../../core/inventory/select/labels.ts';
import { type Selectable, select } from '../../../../../core/inventory/select/select.ts';

const device = (name: string, platform: string, groups: string[], labels: Record<string, string[]>): Selectable => ({
  device: name,
  host: `${name}.example.net`,
  platform,
  groups,
  labels,
});

const fleet = [
  device('leaf1', 'eos', ['leaves', 'pod1'], { role: ['leaf'], 'rack.row': ['7'], vlans: ['10', '20'] }),
  device('leaf2', 'eos', ['leaves', 'pod2'], { role: ['leaf'], 'rack.row': ['8'], vlans: ['10'] }),
  device('leaf10', 'frr', ['leaves'], { role: ['leaf'], owner: ['net ops'] }),
  device('spine1', 'junos', ['spines', 'pod1'], { role: ['spine'] }),
];
const picks = (expression: string) => select('dc1', fleet, expression).map((entry) => entry.device);
const refusal = (expression: string) => {
  try {
    return picks(expression);
  } catch (error) {
    const { code, message, hint } = error as { code: string; message: string; hint?: string };
    return { code, message, hint };
  }
};

describe('a selector', () => {
  it.each([
    ['leaf1', ['leaf1']],
    ['leaf?', ['leaf1', 'leaf2']],
    ['leaf*', ['leaf1', 'leaf2', 'leaf10']],
    ['*[2-9]', ['leaf2']],
    ['leaf[!1]', ['leaf2']],
    ['role=leaf', ['leaf1', 'leaf2', 'leaf10']],
    ['role!=leaf', ['spine1']],
    ['group=pod1', ['leaf1', 'spine1']],
    ['group!=pod1', ['leaf2', 'leaf10']],
    ['site=dc1', ['leaf1', 'leaf2', 'leaf10', 'spine1']],
    ['host=spine*', ['spine1']],
    ['rack.row=7', ['leaf1']],
    ['vlans=20', ['leaf1']],
    ['owner="net ops"', ['leaf10']],
    ['rack.row!=7', ['leaf2', 'leaf10', 'spine1']],
    ['role=leaf,platform=eos', ['leaf1', 'leaf2']],
    ['role=leaf and !leaf1', ['leaf2', 'leaf10']],
    ['not role=leaf', ['spine1']],
    ['! ! leaf1', ['leaf1']],
    ['spine1 or role=leaf, platform=eos', ['leaf1', 'leaf2', 'spine1']],
    ['(spine1 or role=leaf), platform=eos', ['leaf1', 'leaf2']],
    ['!(leaf1 or leaf2)', ['leaf10', 'spine1']],
  ])('%s picks %j, in the order of the inventory', (expression, names) => {
    expect(picks(expression)).toEqual(names);
  });

  it.each([
    ['laef1', 'unknown_device', 'laef1: no such device; did you mean "leaf1"?'],
    ['!laef1', 'unknown_device', 'laef1: no such device; did you mean "leaf1"?'],
    ['leaves', 'unknown_device', 'leaves: no such device; did you mean "group=leaves"?'],
    ['rol=leaf', 'invalid_request', 'no device has "rol" in the inventory; did you mean "role"?'],
    ['a.b.c.d=1', 'invalid_request', 'no device has "a.b.c.d" in the inventory; vars are compared 3 levels deep'],
    ['role=lefa', 'invalid_request', '"role=lefa" selects no device'],
    ['role=leaf,platform=junos', 'invalid_request', '"role=leaf,platform=junos" selects no device'],
    ['tor*', 'invalid_request', '"tor*" selects no device'],
    ['(leaf1', 'invalid_request', 'selector "(leaf1": a ( that is not closed, at character 1'],
    ['leaf1)', 'invalid_request', 'selector "leaf1)": a ) without a (, at character 6'],
    ['leaf1 leaf2', 'invalid_request', 'selector "leaf1 leaf2": expected "," or "or", found "leaf2", at character 7'],
    ['role=', 'invalid_request', 'selector "role=": expected a value of role, found the end, at character 6'],
    ['', 'invalid_request', 'selector "": expected a name or key=value, found the end, at character 1'],
    ['leaf1,', 'invalid_request', 'selector "leaf1,": expected a name or key=value, found the end, at character 7'],
    ['owner="net', 'invalid_request', 'selector "owner="net": a " that is not closed, at character 7'],
  ])('refuses %s', (expression, code, message) => {
    expect(refusal(expression)).toMatchObject({ code, message });
  });

  it.each(['('.repeat(5_000), '!'.repeat(60_000)])('refuses what is nested deeper than anyone means', (signs) => {
    expect(refusal(`${signs}leaf1`)).toMatchObject({ message: expect.stringContaining('more than 100 ( and !') });
  });

  it('says what would have been there', () => {
    expect(refusal('role=lefa')).toMatchObject({ hint: 'role is one of leaf, spine' });
    expect(refusal('leaf1,leaf2')).toMatchObject({ hint: expect.stringContaining('`,` means and') });
  });

  it('takes a pattern of many stars in no time', () => {
    const long = [device('a'.repeat(63), 'frr', [], {})];
    const began = performance.now();
    expect(() => select('dc1', long, `${'*a'.repeat(500)}b`)).toThrow('selects no device');
    expect(performance.now() - began).toBeLessThan(10_000);
  });
});

/** A random expression, as text and as what it means by the plainest reading. */
const random = (seed: number) => {
  let state = seed;
  const roll = (sides: number) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) % sides;
  };
  const one = <T>(of: readonly T[]): T => of[roll(of.length)] as T;
  type Made = { text: string; fits: (entry: Selectable) => boolean };
  const term = (): Made => {
    const { device: name } = one(fleet);
    const key = one(['role', 'group', 'platform', 'rack.row', 'vlans']);
    const value = one(['leaf', 'spine', 'pod1', 'eos', 'frr', '7', '10', '20']);
    const has = (entry: Selectable) => {
      const own: Record<string, readonly string[]> = { group: entry.groups, platform: [entry.platform] };
      return (own[key] ?? entry.labels?.[key] ?? []).includes(value);
    };
    return one<Made>([
      { text: name, fits: (entry) => entry.device === name },
      { text: 'leaf*', fits: (entry) => entry.device.startsWith('leaf') },
      { text: `${key}=${value}`, fits: has },
      { text: `${key}!=${value}`, fits: (entry) => !has(entry) },
    ]);
  };
  // each level writes only what binds as tightly as it says, so that the text needs no parentheses of its own
  const unary = (depth: number): Made => {
    const kind = depth === 0 ? 0 : roll(4);
    if (kind === 1) {
      const { text, fits } = unary(depth - 1);
      return { text: `${one(['!', 'not '])}${text}`, fits: (entry) => !fits(entry) };
    }
    if (kind !== 2) return term();
    const { text, fits } = either(depth - 1);
    return { text: `(${text})`, fits };
  };
  const both = (depth: number): Made => {
    const parts = Array.from({ length: 1 + roll(3) }, () => unary(depth));
    const join = one([',', ' , ', ' and ']);
    return { text: parts.map(({ text }) => text).join(join), fits: (entry) => parts.every(({ fits }) => fits(entry)) };
  };
  const either = (depth: number): Made => {
    const parts = Array.from({ length: 1 + roll(2) }, () => both(depth));
    return { text: parts.map(({ text }) => text).join(' or '), fits: (entry) => parts.some(({ fits }) => fits(entry)) };
  };
  return either(3);
};

it('any selector picks what its plainest reading picks', () => {
  for (let seed = 1; seed <= 3_000; seed += 1) {
    const { text, fits } = random(seed);
    const expected = fleet.filter(fits).map((entry) => entry.device);
    const found = refusal(text);
    if (expected.length > 0) expect(found, text).toEqual(expected);
    else expect(found, text).toMatchObject({ message: `"${text}" selects no device` });
  }
});

describe('the labels of a device', () => {
  it('are its role, and the texts, numbers and lists of its vars, three levels deep', () => {
    const vars = {
      asn: 65001,
      mlag: true,
      vlans: [10, 20],
      rack: { row: 'B', unit: { from: 7, to: { deep: 1 } } },
      vnis: new Map<unknown, unknown>([[100, 'red']]),
      neighbors: [{ ip: '192.0.2.1' }],
      motd: 'x'.repeat(200),
    };
    expect(labelsOf({ role: 'leaf', vars })).toEqual({
      role: ['leaf'],
      asn: ['65001'],
      mlag: ['true'],
      vlans: ['10', '20'],
      'rack.row': ['B'],
      'rack.unit.from': ['7'],
      'vnis.100': ['red'],
    });
  });

  it('hold nothing that may be a secret', () => {
    const vars = { snmp: { community: 'hunter2', location: 'x' }, secrets: { bgp: 'hunter2', ntp: 5 }, password: 'x' };
    expect(labelsOf({ role: undefined, vars })).toEqual({ 'snmp.location': ['x'] });
  });
});
