import { describe, expect, it } from 'vitest';
import { TemplateFailure } from '../../../../engines/jinja/failure.ts';
import { Templates } from '../../../../engines/jinja/templates.ts';
import { type Case, cases, refused } from './cases.ts';
import { randomCases } from './random.ts';
import { python, realJinja, type Verdict } from './real.ts';

const why = 'no python3 with jinja2 on this machine: install python3-jinja2';
if (!python) console.warn(`comparison with Jinja2 skipped: ${why}`);

const ours = ({ template, data = {}, files = {} }: Case): Verdict => {
  const all = new Map(Object.entries({ ...files, main: template }));
  try {
    return { text: new Templates((name) => all.get(name)).render('main', structuredClone(data)) };
  } catch (error) {
    if (error instanceof TemplateFailure) return { refused: error.message };
    throw error;
  }
};

const text = (template: string, data: Record<string, unknown> = {}): string => {
  const verdict = ours({ template, data });
  if ('refused' in verdict) throw new Error(verdict.refused);
  return verdict.text;
};

if (process.env.CI && !python) it('compares with the real Jinja2', () => expect.fail(why));

describe.runIf(python)('a template, next to the real Jinja2', () => {
  const real = python ? realJinja(cases) : [];
  it.each(cases.map((item, index) => [item.template, item, real[index]] as const))(
    'prints the same: %s',
    (_, item, verdict) => {
      expect(verdict).toHaveProperty('text');
      expect(ours(item)).toEqual(verdict);
    },
  );

  const realRefused = python ? realJinja(refused) : [];
  it.each(refused.map((item, index) => [item.template, item, realRefused[index]] as const))(
    'is refused as well: %s',
    (_, item, verdict) => {
      expect(verdict).toHaveProperty('refused');
      expect(ours(item)).toHaveProperty('refused');
    },
  );

  it('prints the same for random expressions and tags, or is refused by both', { timeout: 120_000 }, () => {
    const random = randomCases(500, 20261121);
    const verdicts = realJinja(random);
    let printed = 0;
    for (const [index, item] of random.entries()) {
      const verdict = verdicts[index];
      // a list with an undefined item, which Jinja2 prints as "Undefined", is refused here
      if (!verdict || ('text' in verdict && /undefined/i.test(verdict.text))) continue;
      const mine = ours(item);
      if ('text' in verdict) printed += 1;
      expect('text' in verdict ? mine : Object.keys(mine), item.template).toEqual(
        'text' in verdict ? verdict : ['refused'],
      );
    }
    expect(printed).toBeGreaterThan(300);
  });
});

describe('a template', () => {
  it.each([
    ['{{ nmae }}', '"nmae" is undefined; did you mean "name"?', 1],
    ['a\n\n{{ link.peer.nmae }}', '"link.peer.nmae" is undefined; did you mean "name"?', 3],
    ['{{ link.foo }}', '"link.foo" is undefined: the map has peer', 1],
    ['{% if name other %}', 'expected the end of the tag', 1],
    [
      'x\n{% if true %}\nno end',
      'expected {% elif %} or {% else %} or {% endif %} for the tag of line 2, found the end of the file',
      3,
    ],
    ['{% macro m(a) %}\n{{ a.b }}\n{% endmacro %}\n{{ m({"c": 1}) }}', '"a.b" is undefined: the map has c', 2],
    ['\n{% include "part" %}', '"missing" is undefined', 2],
    ['{{ 1 | uper }}', 'there is no filter "uper"; did you mean "upper"?', 1],
    ['{{ 1 is evn }}', 'there is no test "evn"; did you mean "even"?', 1],
    ['{{ "a" + 1 }}', '"+" does not work on a text and an int: join texts with "~"', 1],
    ['{{ [1] | map("string") }}', 'what map gives has no text of its own: add "| list" or "| join"', 1],
    [
      '{% set x = [1] | map("string") %}{{ x | join }}{{ x | join }}',
      'what map gave was used before, and it can be used once: add "| list"',
      1,
    ],
  ])('says what is wrong, and in which line: %s', (template, message, line) => {
    const files = new Map([
      ['main', template],
      ['part', 'one\n{{ missing }}'],
    ]);
    const render = () =>
      new Templates((name) => files.get(name)).render('main', { name: 'leaf1', link: { peer: { name: 'x' } } });
    expect(render).toThrow(TemplateFailure);
    expect(render).toThrow(message);
    const failure = (() => {
      try {
        return render();
      } catch (error) {
        return error;
      }
    })();
    expect(failure).toMatchObject({ line, template: template.includes('include') ? 'part' : 'main' });
  });

  it('ends, where templates or macros go round in circles', () => {
    const loop = new Templates(() => '{% include "main" %}');
    expect(() => loop.render('main', {})).toThrow('in circles');
    expect(() => text('{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}')).toThrow('in circles');
    expect(() => text('{{ range(100000000) }}')).toThrow('too large');
    expect(() => text('{{ "x" * 100000000 }}')).toThrow('too large');
    expect(() => text('{{ [1] | batch(999999999, "x") | list }}')).toThrow('more than 20000000 steps');
    expect(() => text('{{ range(1000000) | sort }}')).toThrow('more than 20000000 steps');
  });

  it('sees nothing of JavaScript', () => {
    for (const name of [
      'constructor',
      '__proto__',
      'toString',
      'process',
      'globalThis',
      'hasOwnProperty',
      'undefined',
    ]) {
      expect(() => text(`{{ ${name} }}`), name).toThrow(`"${name}" is undefined`);
      expect(() => text(`{{ data.${name} }}`, { data: {} }), name).toThrow('is undefined');
      expect(() => text(`{{ data["${name}"] }}`, { data: { a: 1 } }), name).toThrow('is undefined');
      expect(() => text(`{{ "x".${name} }}`), name).toThrow('a text has no');
      expect(() => text(`{{ [].${name} }}`), name).toThrow('a list has no');
      expect(() => text(`{{ 1 | ${name} }}`), name).toThrow('there is no filter');
      expect(() => text(`{{ range.${name} }}`), name).toThrow('is undefined');
    }
    expect(text('{{ d.__proto__ }}', { d: JSON.parse('{"__proto__": 1}') })).toBe('1');
  });

  it('keeps the order of a map with numbered keys, and prints a bigint in full', () => {
    expect(
      text('{% for k, v in d.items() %}{{ k }}{{ v }} {% endfor %}{{ d[10] }}', {
        d: new Map([
          [20, 'b'],
          [10, 'a'],
        ]),
      }),
    ).toBe('20b 10a a');
    expect(text('{{ n }} {{ n + 1 }}', { n: 18446744073709551615n })).toBe('18446744073709551615 18446744073709551616');
  });
});
