import { describe, expect, it } from 'vitest';
import { TemplateFailure } from '../../../../engines/jinja/failure.ts';
import { Templates } from '../../../../engines/jinja/templates.ts';

const render = (template: string, data: Record<string, unknown>): string => {
  try {
    return new Templates((name) => (name === 'main' ? template : undefined)).render('main', data);
  } catch (error) {
    if (error instanceof TemplateFailure) return error.message;
    throw error;
  }
};

const many = (part: string, end = '') => part.repeat(200_000 / part.length) + end;

/** Texts on which a pattern that looks twice at the same letters takes minutes. */
const long: readonly [template: string, text: string][] = [
  ['{{ text | int }}', many('1', 'x')],
  ['{{ text | int }}', many('1')],
  ['{{ text | int }}', many(' ')],
  ['{{ text | float }}', many('1', 'x')],
  ['{{ text | float }}', many('1_', 'x')],
  ['{{ text | float }}', many('1', '.1x')],
  ['{{ text % 1 }}', many('%(')],
  ['{{ text % 1 }}', many('%0')],
  ['{{ text.format(1) }}', many('{')],
  ['{{ text.format(1) }}', many('{0[')],
  ['{{ text.format(1) }}', many('{:{')],
  ['{{ text.format(1) }}', `{0${many('[')}}`],
  ['{{ text.format(1) }}', `{0${many('.')}}`],
  ['{{ [{}] | map(attribute=text) | list }}', many('a.')],
  ['{{ text | replace("a", "b") | length }}', many('a')],
  ['{{ text | title | trim | length }}', many(' a')],
  ['{{ text | indent(2) | length }}', many('\n')],
  ['{{ text | wordcount }}', many('a ')],
  ['{{ text | center(80) | length }}', many(' ')],
  ['{{ text.split() | length }}', many(' a')],
  ['{{ text.strip() | length }}', many(' ', 'a')],
  ['{{ text | truncate(10) }}', many('a ')],
  ['{{ text | urlencode | length }}', many('%')],
  ['{{ text | striptags }}', many('<')],
  ['{{ text | escape | length }}', many('&')],
  ['{% for _ in range(50) %}{% if text < text ~ "a" %}{% endif %}{% endfor %}', many('a')],
  ['{{ (text * 50) | sort | length }}', many('ab')],
];

describe('a long text', () => {
  it.each(long)('is looked at once by %s', (template, text) => {
    const startedMs = performance.now();
    render(template, { text });
    expect(performance.now() - startedMs).toBeLessThan(10_000);
  });
});

describe('a number with an exponent', () => {
  it('keeps it whole', () => {
    for (const [number, wanted] of [
      ['"%g" % 1.23456e20', '1.23456e+20'],
      ['"{:g}".format(1.5e100)', '1.5e+100'],
      ['"%.3g" % 1000000', '1e+06'],
      ['"%g" % 100000', '100000'],
      ['"%g" % 0.5', '0.5'],
      ['"{:g}".format(1e-10)', '1e-10'],
    ])
      expect(render(`{{ ${number} }}`, {})).toBe(wanted);
  });
});
