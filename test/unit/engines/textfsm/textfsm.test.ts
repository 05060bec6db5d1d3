// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how TextFSM writes its Values
import { describe, expect, it } from 'vitest';
import { runTemplate } from '../../../../engines/textfsm/run-template.ts';
import { parseTemplate } from '../../../../engines/textfsm/template.ts';

/** A template whose rules are given, with the Values before it. */
const run = (values: string, rules: string, output: string) =>
  runTemplate(parseTemplate(`${values}\n\nStart\n${rules}\n`, 'test.textfsm'), output);

describe('a template', () => {
  it('keeps a Filldown value until it is matched again or cleared', () => {
    const values = 'Value Filldown VRF (\\S+)\nValue Required PEER (\\S+)';
    const rules = '  ^vrf ${VRF}\n  ^none -> Clearall\n  ^ +${PEER} -> Record';
    expect(run(values, rules, 'vrf a\n p1\n p2\nvrf b\n p3\nnone\n p4\n')).toEqual([
      { vrf: 'a', peer: 'p1' },
      { vrf: 'a', peer: 'p2' },
      { vrf: 'b', peer: 'p3' },
      { vrf: '', peer: 'p4' },
    ]);
  });

  it('fills a Fillup value upwards to the last record that has one', () => {
    const values = 'Value Required PORT (\\S+)\nValue Fillup NAME (\\S+)';
    expect(run(values, '  ^p ${PORT} -> Record\n  ^n ${PORT} ${NAME} -> Record', 'n 1 x\np 2\np 3\nn 4 y\n')).toEqual([
      { port: '1', name: 'x' },
      { port: '2', name: 'y' },
      { port: '3', name: 'y' },
      { port: '4', name: 'y' },
    ]);
  });

  it('gathers the matches of a List, its named groups as an object', () => {
    const values = 'Value HOST (\\S+)\nValue List VLAN (\\d+)\nValue List USER ((?P<name>\\w+):(?P<age>\\d+)?)';
    const rules = '  ^host ${HOST}\n  ^vlan ${VLAN}\n  ^user ${USER}';
    expect(run(values, rules, 'host a\nvlan 1\nvlan 2\nuser bob:3\nuser eve:\n')).toEqual([
      {
        host: 'a',
        vlan: ['1', '2'],
        user: [
          { name: 'bob', age: '3' },
          { name: 'eve', age: null },
        ],
      },
    ]);
  });

  it('tries the next rules on the same line after Continue', () => {
    const rules = '  ^ -> Continue.Record\n  ^${A} -> Continue\n  ^\\S+ ${B}';
    expect(run('Value A (\\S+)\nValue B (\\S+)', rules, '1 2\n3 4\n')).toEqual([
      { a: '1', b: '2' },
      { a: '3', b: '4' },
    ]);
  });

  it('drops what an explicit EOF state or End leaves unrecorded', () => {
    expect(run('Value A (\\d+)', '  ^${A}\n\nEOF', '1\n')).toEqual([]);
    expect(run('Value A (\\d+)', '  ^${A} -> End', '1\n2\n')).toEqual([]);
    expect(run('Value A (\\d+)', '  ^${A} -> EOF', '1\n2\n')).toEqual([{ a: '1' }]);
  });

  it('says template, line, rule and the line of the output where a rule says Error', () => {
    expect(() => run('Value A (\\d+)', '  ^${A}\n  ^. -> Error "no such line"', '1\nboo\n')).toThrow(
      'test.textfsm, line 5, rule ^.: "no such line", on line 2 of the output: boo',
    );
  });

  it('stops a rule that would match for ever, and names it', () => {
    const template = parseTemplate('Value A ((\\S+\\s?)+)\n\nStart\n  ^${A}:$$\n', 'slow.textfsm');
    const started = performance.now();
    expect(() => runTemplate(template, 'a'.repeat(60), 200)).toThrow(
      /^slow.textfsm, line 4, rule \^\$\{A\}:\$\$: .*0.2 s/,
    );
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  it('stops it also where Python’s own rules are followed step by step', () => {
    const template = parseTemplate('Value A (\\S+)\n\nStart\n  ^(x)(?:(?:${A})?x*)*\\1:\n', 'slow.textfsm');
    expect(() => runTemplate(template, 'x'.repeat(60), 200)).toThrow(/slow.textfsm, line 4/);
  });

  it('tries no way twice that has failed, where no group is looked back to', () => {
    const template = parseTemplate('Value A (\\S+)\n\nStart\n  ^(\\s*-*)*\\s*$$\n  ^${A} -> Record\n', 'rule.textfsm');
    expect(runTemplate(template, `${'--- '.repeat(200)}x\n`, 2_000)).toEqual([{ a: '---' }]);
  });
});

describe('a broken template', () => {
  it.each([
    ['no Value before the first state', 'Start\n  ^x\n', /line 1: no Value/],
    ['an unknown option', 'Value Filldwn A (x)\n\nStart\n', /line 1: unknown option "Filldwn"/],
    ['an option twice', 'Value List,List A (x)\n\nStart\n', /line 1: .* twice/],
    ['a Value twice', 'Value A (x)\nValue A (y)\n\nStart\n', /line 2: Value A stands there twice/],
    ['no parentheses', 'Value A x\n\nStart\n', /line 1/],
    ['a bad expression', 'Value A (x**)\n\nStart\n', /line 1: .*multiple repeat/],
    ['no empty line after the Values', 'Value A (x)\nStart\n', /line 2: an empty line/],
    ['no Start', 'Value A (x)\n\nOther\n', /no state Start/],
    ['a state twice', 'Value A (x)\n\nStart\n\nStart\n', /line 5: state Start stands there twice/],
    ['a reserved state', 'Value A (x)\n\nRecord\n', /line 3: "Record" cannot be/],
    ['a state that is not there', 'Value A (x)\n\nStart\n  ^x -> Gone\n', /line 4: state Start leads to Gone/],
    ['an unknown Value', 'Value A (x)\n\nStart\n  ^${B}\n', /line 4: \$\{B\} is no Value/],
    ['a single $', 'Value A (x)\n\nStart\n  ^x$\n', /line 4: a single \$/],
    ['a Value twice in a rule', 'Value A (x)\n\nStart\n  ^${A}${A}\n', /line 4: .*redefinition of group name 'A'/],
    ['a rule without ^', 'Value A (x)\n\nStart\n  x\n', /line 4: a rule begins/],
    ['a rule with three blanks', 'Value A (x)\n\nStart\n   ^x\n', /line 4: a rule begins/],
    ['Continue to a state', 'Value A (x)\n\nStart\n  ^x -> Continue Start\n', /line 4: Continue cannot/],
    ['a message without Error', 'Value A (x)\n\nStart\n  ^x -> Next "y"\n', /line 4: only Error/],
    ['an unknown action', 'Value A (x)\n\nStart\n  ^x -> Next.Foo\n', /line 4: "-> Next.Foo" is no action/],
    ['rules in EOF', 'Value A (x)\n\nStart\n\nEOF\n  ^x\n', /state EOF must have no rules/],
  ])('is refused with file and line: %s', (_, text, message) => {
    expect(() => parseTemplate(text, 'bad.textfsm')).toThrow(message);
    expect(() => parseTemplate(text, 'bad.textfsm')).toThrow(/^bad\.textfsm/);
  });
});
