import { describe, expect, it } from 'vitest';
import { compare, complianceReport, parseRules } from '../../../../runners/validate/validate.ts';

describe('a value that is expected', () => {
  it.each([
    ['<20', 19.5, true],
    ['<20', 20, false],
    ['<=20', 20, true],
    ['>=5.5', '5.5', true],
    ['>5', 'many', false],
    ['10<->20', 20, true],
    ['10<->20', 20.1, false],
    ['10%100', 90, true],
    ['10%100', 89, false],
    ['^4\\.(2|3)', '4.31.2F', true],
    ['^4\\.(2|3)', '14.3', false],
    ['4.3', '14.31', true],
    ['(?i)arista', 'ARISTA', true],
    ['True', true, true],
    [1, true, true],
    [1, 1.0, true],
    [false, 0, true],
    ['<20', null, false],
    [null, null, true],
  ])('%j against %j: %s', (expected, actual, complies) => {
    expect(compare(expected, actual)).toBe(complies);
  });

  it('that is a dictionary names what is missing, and with mode strict what is more', () => {
    expect(compare({ a: 1, b: 2 }, { a: 1, c: 3 })).toEqual({
      complies: false,
      present: { a: { complies: true, nested: false } },
      missing: ['b'],
      extra: [],
    });
    expect(compare({ _mode: 'strict', a: 1 }, { a: 1, c: 3 })).toMatchObject({ complies: false, extra: ['c'] });
  });

  it('that is a list finds its elements in any order, each once', () => {
    expect(compare({ list: ['x', 'x'] }, ['x', 'y'])).toMatchObject({
      complies: false,
      present: ['x'],
      missing: ['x'],
    });
    expect(compare({ _mode: 'strict', list: ['y', 'x'] }, ['x', 'y', 'z'])).toMatchObject({ extra: ['z'] });
  });

  it('that cannot be read is refused with where it stands', () => {
    expect(() => compare({ uptime: '<many' }, { uptime: 1 }, 'get_facts')).toThrow(/^get_facts.uptime: "<many"/);
    expect(() => compare({ model: '(' }, { model: 'x' }, 'get_facts')).toThrow(
      /^get_facts.model: "\(" is not valid|^get_facts.model/,
    );
    expect(() => compare({ _mode: 'loose' }, {}, 'get_facts')).toThrow(/mode "loose"/);
  });
});

describe('a validation file', () => {
  it('may compare one getter twice under names of its own, and says which getters there are not', () => {
    const rules = parseRules(
      '- ping:\n    _name: ping1\n    _kwargs: {destination: 10.0.0.1}\n    success: {packet_loss: 0}\n- get_config: {}\n',
      'v.yml',
    );
    expect(rules[0]).toMatchObject({ getter: 'ping', name: 'ping1', kwargs: { destination: '10.0.0.1' } });
    expect(complianceReport(rules, () => undefined)).toEqual({
      ping1: { skipped: true, reason: 'NotImplemented' },
      skipped: ['ping1'],
      complies: true,
    });
  });

  it('gives a report of what complies, what does not, and what no getter tells', () => {
    const rules = parseRules(
      `- get_facts:
    os_version: '4.30'
    uptime: '>3600'
    interface_list: {_mode: strict, list: [Ethernet1, Loopback0]}
- get_interfaces_ip:
    Loopback0: {ipv4: {10.255.0.1: {prefix_length: 32}}}
    Ethernet9: {ipv4: {10.9.0.1: {prefix_length: 31}}}
- get_bgp_neighbors:
    global: {peers: {_mode: strict, 10.0.0.2: {is_up: true}}}
- get_environment: {memory: {used_ram: '<1000'}}
`,
      'validate.yml',
    );
    const told: Record<string, unknown> = {
      get_facts: { os_version: '4.30.1F', uptime: 60, interface_list: ['Loopback0', 'Ethernet1', 'Ethernet2'] },
      get_interfaces_ip: { Loopback0: { ipv4: { '10.255.0.1': { prefix_length: 24 } } } },
      get_bgp_neighbors: { global: { router_id: '10.255.0.1', peers: { '10.0.0.2': { is_up: true } } } },
    };
    const nested = { complies: false, nested: true };
    expect(complianceReport(rules, ({ getter }) => told[getter])).toEqual({
      get_facts: {
        complies: false,
        present: {
          os_version: { complies: true, nested: false },
          uptime: { complies: false, nested: false, expected_value: '>3600', actual_value: 60 },
          interface_list: {
            ...nested,
            diff: { complies: false, present: ['Ethernet1', 'Loopback0'], missing: [], extra: ['Ethernet2'] },
          },
        },
        missing: [],
        extra: [],
      },
      get_interfaces_ip: {
        complies: false,
        present: {
          Loopback0: {
            ...nested,
            diff: {
              complies: false,
              present: {
                ipv4: {
                  ...nested,
                  diff: {
                    complies: false,
                    present: {
                      '10.255.0.1': {
                        ...nested,
                        diff: {
                          complies: false,
                          present: {
                            prefix_length: { complies: false, nested: false, expected_value: 32, actual_value: 24 },
                          },
                          missing: [],
                          extra: [],
                        },
                      },
                    },
                    missing: [],
                    extra: [],
                  },
                },
              },
              missing: [],
              extra: [],
            },
          },
        },
        missing: ['Ethernet9'],
        extra: [],
      },
      get_bgp_neighbors: {
        complies: true,
        present: { global: { complies: true, nested: true } },
        missing: [],
        extra: [],
      },
      get_environment: { skipped: true, reason: 'NotImplemented' },
      skipped: ['get_environment'],
      complies: false,
    });
  });

  it('that is no list of getters, or no YAML, is refused with its name and line', () => {
    expect(() => parseRules('get_facts: {}\n', 'v.yml')).toThrow(/^v.yml: a validation file is a list/);
    expect(() => parseRules('- a: [1\n- b', 'v.yml')).toThrow(/^v.yml, line \d+: /);
  });
});

describe('oddities of NAPALM that its reports show', () => {
  it('lets the mode of an element hold for the first thing only that it is compared with', () => {
    const expected = { list: [{ name: 'b', _mode: 'strict' }], _mode: 'strict' };
    const report = compare(expected, [{ name: 'a' }, { name: 'b', more: 1 }]);
    expect(report).toEqual({ complies: false, present: [{ name: 'b' }], missing: [], extra: [{ name: 'a' }] });
    expect(expected.list[0]).toEqual({ name: 'b', _mode: 'strict' }); // what it was given stays as it is
    expect(compare(expected, [{ name: 'b', more: 1 }])).toMatchObject({ complies: false, missing: [{ name: 'b' }] });
  });

  it('names a list of pairs missing when a pair lacks a key', () => {
    expect(compare({ users: [{ name: 'a', level: '15' }] }, { users: [{ name: 'a' }] })).toEqual({
      complies: false,
      present: { users: {} },
      missing: ['users'],
      extra: [],
    });
  });

  it('looks for a text in lists and dictionaries as Python prints them', () => {
    expect(compare("^\\['Ethernet1', \"it's\"\\]$", ['Ethernet1', "it's"])).toBe(true);
    expect(compare("'up': True, 'mtu': None", { up: true, mtu: null })).toBe(true);
  });

  it('reads a file as PyYAML does', () => {
    const [rule] = parseRules(
      '- get_facts:\n    vendor: y\n    model: 1e3\n    serial_number: 08\n    uptime: yes\n    uptime: off\n    since: 2020-01-01\n    interface_list: {list: [a,\n  b],\n  _mode: strict}\n',
      'f',
    );
    expect(rule?.expected).toEqual({
      vendor: 'y',
      model: '1e3',
      serial_number: '08',
      uptime: false,
      since: '2020-01-01',
      interface_list: { list: ['a', 'b'], _mode: 'strict' },
    });
    expect(() => parseRules('- get_facts:\n    a: [1\n', 'f')).toThrow(/^f, line \d/);
  });
});
