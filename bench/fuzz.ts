import { redact } from '../core/redact/redact.ts';
import { TemplateFailure } from '../engines/jinja/failure.ts';
import { Templates } from '../engines/jinja/templates.ts';
import { seeded } from './diff.ts';
import { print } from './figures.ts';
import { canary, chanceOf, hostileText, marks } from './texts/hostile.ts';

// node dist/bench/fuzz.js [SECONDS] [SEED]: texts made at random go through the redaction and the templates. What takes too
// long, loses a line, keeps a secret among ordinary lines, or ends in another error than a template's own is printed.

const seconds = Number(process.argv[2] ?? 60);
const seed = Number(process.argv[3] ?? Date.now() % 2 ** 31);
const random = seeded(seed);
const { pick, times } = chanceOf(random);

const check = (what: string, input: string, run: () => string | undefined): void => {
  const before = process.cpuUsage();
  let wrong: string | undefined;
  try {
    wrong = run();
  } catch (error) {
    wrong = `threw ${String(error)}`;
  }
  const { user, system } = process.cpuUsage(before);
  const ms = (user + system) / 1000;
  if (what === 'redact' && ms > 300 + input.length / 100) wrong ??= `took ${Math.round(ms)} ms`;
  if (what === 'template' && ms > 15_000) wrong ??= `took ${Math.round(ms)} ms`;
  if (wrong !== undefined) {
    found += 1;
    print({ fuzz: what, seed, wrong, input: input.length > 4000 ? `${input.slice(0, 4000)}… ${input.length}` : input });
  }
};

const redactOnce = (): void => {
  const { text, calm } = hostileText(random);
  check('redact', text, () => {
    const once = redact(text);
    if (once.split('\n').length !== text.split('\n').length && !/^\s*[{[]/.test(text)) return 'another number of lines';
    if (redact(once) !== once) return 'another text at a second pass';
    return calm && once.includes(canary) ? 'kept a secret' : undefined;
  });
};

const values = [
  'x',
  '1',
  '0',
  '-1',
  '1e300',
  '"a b"',
  '""',
  '[1,2]',
  '{}',
  '{"a": x}',
  'none',
  'true',
  'range(9)',
  'missing',
  'long',
  'list',
  'loop.index',
  '10**9',
  '2**0.5',
];
const filters = [
  'int',
  'float',
  'list',
  'join(",")',
  'length',
  'sort',
  'unique',
  'upper',
  'replace("a","b")',
  'default(1)',
  'map("int")',
  'select',
  'batch(3)',
  'slice(2)',
  'tojson',
  'indent(4)',
  'round',
  'sum',
  'dictsort',
  'groupby(0)',
  'center(99999)',
  'format(1)',
  'trim',
  'truncate(3)',
  'first',
  'reverse',
  'urlencode',
  'abs',
  'min',
  'wordcount',
  'string',
];
const expression = (deep = 3): string => {
  if (deep === 0) return pick(values);
  const inner = () => expression(deep - 1);
  return pick([
    () => pick(values),
    () => `${inner()} | ${pick(filters)}`,
    () => `(${inner()} ${pick(['+', '-', '*', '/', '//', '%', '**', '~', 'and', 'or', 'in', '==', '<'])} ${inner()})`,
    () => `${inner()}[${inner()}]`,
    () => `[${inner()}, ${inner()}]`,
    () => `${inner()}.${pick(['a', 'items()', 'split()', 'format(1)', 'upper()', 'append(1)', 'get(1)'])}`,
    () => `(${inner()} if ${inner()} else ${inner()})`,
  ])();
};
const template = (deep = 3): string => {
  const inner = () => (deep === 0 ? 'text\n' : template(deep - 1));
  return times(3, () =>
    pick([
      () => `{{ ${expression()} }}`,
      () => `{% for i in ${expression(1)} %}${inner()}{% endfor %}`,
      () => `{% for i in range(${pick(['3', '1000', '1000000'])}) %}${inner()}{% endfor %}`,
      () => `{% if ${expression(2)} %}${inner()}{% else %}${inner()}{% endif %}`,
      () => `{% set x = ${expression()} %}${inner()}`,
      () => `{% set x = x ~ x %}${inner()}`,
      () => `{% macro m(a) %}${inner()}{{ m(a) }}{% endmacro %}{{ m(1) }}`,
      () => `{% filter ${pick(filters)} %}${inner()}{% endfilter %}`,
      () => `{%- ${pick(marks)} ${pick(values)} -%}`,
      () => times(9, () => pick(['{{', '}}', '{%', '%}', '{#', '#}', ...marks])).join(''),
    ])(),
  ).join('');
};

const templateOnce = (): void => {
  const text = template();
  check('template', text, () => {
    try {
      const data = { long: pick(['a', '1', '%(', '{0[', ' ', '[']).repeat(50_000), list: [1, 2, 3] };
      new Templates((name) => (name === 'main' ? text : undefined)).render('main', data);
      return undefined;
    } catch (error) {
      if (error instanceof TemplateFailure) return undefined;
      throw error;
    }
  });
};

let found = 0;
let tried = 0;
const until = performance.now() + seconds * 1000;
while (performance.now() < until) {
  if (random() < 0.7) redactOnce();
  else templateOnce();
  tried += 1;
}
print({ fuzz: 'all', seed, seconds, tried, found });
process.exitCode = found === 0 ? 0 : 1;
