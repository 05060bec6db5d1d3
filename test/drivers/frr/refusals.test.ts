import { describe, expect, it } from 'vitest';
import { judgeSaid, refusals, refuseImpossible, refuseLeft } from '../../../runners/drivers/frr/difference/refusals.ts';

const nothing = { removed: [], added: [] };

describe('what FRR says to lines', () => {
  it('is read with the number of the line, and why', () => {
    expect(
      refusals(
        "The route-map 'X' does not exist.\nline 4: % Unknown command[4]: rooter bgp 1\n% Configure the peer-group first\nline 9: Failure to communicate[13] to bgpd, line:  neighbor 10.0.0.1 peer-group NADA\n\n",
      ),
    ).toEqual([
      { line: 4, why: '% Unknown command[4]' },
      { line: 9, why: '% Configure the peer-group first' },
    ]);
  });

  it('is told in words where a daemon does not know a line', () => {
    const said = 'line 5: Failure to communicate[2] to zebra, line: agentx\n';
    expect(refusals(said)).toEqual([{ line: 5, why: 'zebra does not know it: one of its modules may not be loaded' }]);
  });

  it('is read where lines are refused together, as each release says it', () => {
    const old =
      '% Configuration failed.\n\nError type: validation\nError description: Invalid prefix range\nThe following commands were dynamically grouped into the same transaction and rejected:\n- ip prefix-list Q seq 5 permit 10.0.0.0/8 ge 4\n';
    expect(refusals(old)).toEqual([{ line: undefined, why: 'Invalid prefix range' }]);
    expect(refusals('% Configuration failed.\n\nInvalid prefix range\n')).toEqual([
      { line: undefined, why: 'Invalid prefix range' },
    ]);
    const text = 'hostname a\nip prefix-list Q seq 5 permit 10.0.0.0/8 ge 4\n';
    const two = `${old}- ip prefix-list Q seq 6 permit any\n`;
    expect(() => judgeSaid('leaf1', { text, said: two, merge: false }, [])).toThrowError(
      'FRR refuses line 2, or another of the 2 lines that it applies together: Invalid prefix range',
    );
    expect(() => judgeSaid('leaf1', { text, said: old, merge: false }, [])).toThrowError(
      expect.objectContaining({ code: 'rejected', line: 2, message: expect.stringContaining('Invalid prefix range') }),
    );
  });

  it('is no refusal of the text where the router runs that line, or where a merge takes back what is not there', () => {
    const said = 'line 2: Failure to communicate[13] to bgpd, line:  bgp x\n';
    const running = [{ path: ['router bgp 1'], line: 'bgp x' }];
    expect(judgeSaid('leaf1', { text: 'router bgp 1\n bgp x\n', said, merge: false }, running)).toEqual(running);
    const elsewhere = { text: 'router bgp 2\n bgp y\n  bgp x\n', said: said.replace('line 2', 'line 3'), merge: false };
    expect(() => judgeSaid('leaf1', elsewhere, running)).toThrowError(expect.objectContaining({ line: 3 }));
    expect(judgeSaid('leaf1', { text: 'router bgp 1\n no bgp x\n', said, merge: true }, [])).toEqual([]);
    expect(() => judgeSaid('leaf1', { text: 'router bgp 1\n bgp x\n', said, merge: false }, [])).toThrowError(
      expect.objectContaining({ code: 'rejected', line: 2 }),
    );
  });
});

describe('what FRR cannot do while it runs', () => {
  const line = { path: [], line: 'agentx' };
  it('is named: what cannot go, and what could not be taken back', () => {
    const refuse = (cannot: Parameters<typeof refuseImpossible>[3]) => () =>
      refuseImpossible('leaf1', 'FRR 10.3', 'hostname a\nagentx\n', cannot);
    expect(refuse({ forth: { removed: [line], added: [] }, back: nothing })).toThrowError(
      'cannot be removed while FRR 10.3 runs',
    );
    expect(refuse({ forth: nothing, back: { removed: [line], added: [] } })).toThrowError(
      expect.objectContaining({ line: 2, message: expect.stringMatching(/cannot be undone.*"agentx"/) }),
    );
    expect(refuse({ forth: nothing, back: { removed: [], added: [line] } })).not.toThrow();
  });

  it('is told of a change that did not end where it should', () => {
    const left = { removed: [], added: [{ path: ['router bgp 1'], line: 'neighbor 10.0.0.1 password canary' }] };
    expect(() => refuseLeft('leaf1', 'x\n', '', left)).toThrowError(
      /does not accept "router bgp 1 \/ neighbor.*undone/,
    );
    expect(() => refuseLeft('leaf1', 'x\n', '', left)).not.toThrowError(/canary/);
    expect(() => refuseLeft('leaf1', 'x\n', '', nothing)).not.toThrow();
  });
});
