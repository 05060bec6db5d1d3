import type { Case } from './cases.ts';

/** Numbers from 0 to 1 that are the same in every run. */
const random = (seed: number) => {
  let state = seed;
  return () => {
    state += 0x6d2b79f5;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
};

const data = {
  i: 7,
  n: -3,
  f: 2.5,
  s: 'Leaf1 eth0',
  e: '',
  t: true,
  z: null,
  l: [3, 1, 2],
  w: ['b', 'A', 'a'],
  d: { b: 1, A: 2, c: 'x' },
  r: [
    { k: 'x', v: 2, s: ['p'] },
    { k: 'Y', v: 1, s: [] },
    { k: 'x', v: 3, s: ['q', 'r'] },
  ],
};

/** Templates made of random expressions and tags, most of them sensible. */
export const randomCases = (count: number, seed: number): Case[] => {
  const next = random(seed);
  const pick = <T>(options: readonly T[]): T => options[Math.floor(next() * options.length)] as T;

  const number = (depth: number): string => {
    if (depth <= 0) return pick(['i', 'n', 'f', '0', '1', '2', '10', '1.0', '0.5', '3', 't']);
    const a = () => number(depth - 1);
    return pick([
      () => `${a()} ${pick(['+', '-', '*', '//', '%', '/'])} ${a()}`,
      () => `(${a()} ${pick(['+', '-', '*', '//', '%', '/'])} ${a()})`,
      () => `-(${a()})`,
      () => `${list(depth - 1)} | ${pick(['length', 'sum', 'max', 'min', 'first', 'last'])}`,
      () => `(${text(depth - 1)}) | ${pick(['length', 'int', 'float', 'wordcount'])}`,
      () => `(${a()}) | ${pick(['abs', 'int', 'float', 'round', 'round(1)', 'string | length'])}`,
      () => `(${text(depth - 1)}).${pick(['find("e")', 'count("e")'])}`,
      () => `d.${pick(['b', 'A', 'get("c")', 'get("q", 5)'])}`,
      () => `${a()} if ${truth(depth - 1)} else ${a()}`,
    ])();
  };

  const text = (depth: number): string => {
    if (depth <= 0)
      return pick(['s', 'e', '"eth1"', '"a,b,c"', "'it''s'", '"10.0.0.1/31"', '"ÄÖ"', '"  x "', '"a\\nb"']);
    const a = () => text(depth - 1);
    const word = () => pick(['"e"', '"a"', '" "', '","', '"1"', '"zz"']);
    return pick([
      () => `(${a()} ~ ${pick([a, () => number(depth - 1), () => list(depth - 1)])()})`,
      () =>
        `(${a()}) | ${pick(['upper', 'lower', 'title', 'capitalize', 'trim', 'reverse', 'indent(2)', 'replace("e", "E")', 'center(12)', 'string', 'truncate(5)', 'tojson'])}`,
      () =>
        `(${a()}).${pick(['upper()', 'strip()', `replace(${word()}, "-")`, `split(${word()}) | join("+")`, `split() | join("+")`, `partition(${word()})[0]`, 'zfill(6)', 'swapcase()', 'ljust(8)', `rsplit(${word()}, 1)[0]`])}`,
      () => `(${list(depth - 1)}) | join(${word()})`,
      () => `"%s|%5s|%-4s" % (${a()}, ${number(depth - 1)}, ${word()})`,
      () => `"{}:{:>4}".format(${a()}, ${word()})`,
      () => `(${a()})[${pick(['0', '1:', ':3', '::-1', '-2:', '::2'])}]`,
      () => `${a()} if ${truth(depth - 1)} else ${a()}`,
      () => `r | map(attribute="k") | join(${word()})`,
    ])();
  };

  const list = (depth: number): string => {
    if (depth <= 0) return pick(['l', 'w', '[1, 2]', '[]', 'range(4)', '(1, "x")', 'd', 'r']);
    const a = () => list(depth - 1);
    return pick([
      () => `[${number(depth - 1)}, ${text(depth - 1)}]`,
      () =>
        `(${a()}) | ${pick(['sort', 'unique', 'reverse', 'list', 'batch(2)', 'slice(2)', 'map("string")', 'select', 'select("string")', 'reject("number")', 'select("odd")'])} | list`,
      () =>
        `r | ${pick(['selectattr("s")', 'selectattr("v", "gt", 1)', 'rejectattr("k", "eq", "x")', 'sort(attribute="k,v")', 'unique(attribute="k")'])} | map(attribute="${pick(['k', 'v', 's'])}") | list`,
      () => `r | groupby("k") | map("${pick(['first', 'last', 'length'])}") | list`,
      () => `d | dictsort${pick(['', '(true)', '(reverse=true)'])}`,
      () => `(${text(depth - 1)}).split()`,
      () => `(${a()} | list)[${pick(['1:', ':-1', '::-1'])}]`,
      () => `l + w`,
    ])();
  };

  const truth = (depth: number): string => {
    if (depth <= 0) return pick(['t', 'e', 'z', 'l', 'd', 'i', 'false', '[]', '{}', 'q is defined', 'z is none']);
    const a = () => truth(depth - 1);
    return pick([
      () => `${number(depth - 1)} ${pick(['<', '<=', '==', '!=', '>', '>='])} ${number(depth - 1)}`,
      () => `(${a()} ${pick(['and', 'or'])} ${a()})`,
      () => `not ${a()}`,
      () => `${text(depth - 1)} ${pick(['in', 'not in', '==', '<'])} ${text(depth - 1)}`,
      () => `${pick(['1', '"a"', '"x"', 'i'])} in ${list(0)}`,
      () =>
        `(${pick([number, text, list])(depth - 1)}) is ${pick(['string', 'number', 'mapping', 'sequence', 'iterable', 'none', 'not string', 'odd', 'integer', 'float', 'lower'])}`,
    ])();
  };

  const any = (depth: number): string => pick([number, text, list, truth])(depth);

  const tag = (depth: number): string => {
    const print = () => `{{${pick(['', '-'])} ${any(2)} ${pick(['', '-'])}}}`;
    if (depth <= 0)
      return pick([
        print,
        print,
        () => pick(['word', ' ', '\n', '  \n ', '{# c #}', '{#- c -#}\n', '{% set q = 1 %}']),
      ])();
    const sign = () => pick(['', '', '-']);
    const body = () =>
      Array.from({ length: 1 + Math.floor(next() * 3) }, () => tag(depth - 1)).join(pick(['', '\n', '\n  ']));
    return pick([
      () =>
        `{%${sign()} if ${truth(1)} ${sign()}%}${body()}{%${sign()} else ${sign()}%}${body()}{%${sign()} endif ${sign()}%}`,
      () => `{%${sign()} for x in ${list(1)} ${sign()}%}${body()}{{ loop.index }}{{ x }}{%${sign()} endfor ${sign()}%}`,
      () => `{%${sign()} for x in l if x > 1 %}\n${body()}\n{% else %}${body()}{% endfor %}\n`,
      () => `{% set j = ${number(1)} %}{{ j }}${body()}`,
      () => `{% set b %}${body()}{% endset %}{{ b | upper }}`,
      () => `{% with i = ${number(1)}, s = "w" %}${body()}{% endwith %}`,
      () => `{% macro m(x, i=${number(0)}) %}${body()}{{ x }}{% endmacro %}\n{{ m(${any(1)}) }}`,
      () => `{% filter ${pick(['upper', 'trim', 'indent(3)'])} %}${body()}{% endfilter %}`,
      body,
    ])();
  };

  return Array.from({ length: count }, () => ({ template: next() < 0.6 ? `{{ ${any(3)} }}` : tag(3), data }));
};
