import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { PythonRegex } from '../../../../engines/textfsm/python-regex.ts';
import { badRegexes, regexCases } from './regex.cases.ts';

/** What the real `re` says, or undefined where there is no python3 that knows all of this syntax. */
const python = ((): { matches: ((string | null)[] | null)[][]; compiles: boolean[] } | undefined => {
  const script = `
import json, re, sys, warnings
warnings.simplefilter('ignore')
cases, bad = json.load(sys.stdin)
def compiles(pattern):
    try: re.compile(pattern)
    except re.error: return False
    return True
def match(pattern, text):
    found = re.match(pattern, text)
    return None if found is None else [found.group()] + list(found.groups())
if sys.version_info < (3, 11): sys.exit(3)
print(json.dumps({'matches': [[match(c[0], t) for t in c[1:]] for c in cases], 'compiles': [compiles(p) for p in bad]}))`;
  try {
    return JSON.parse(
      execFileSync('python3', ['-c', script], {
        input: JSON.stringify([regexCases, badRegexes]),
        encoding: 'utf8',
        stdio: ['pipe', 'pipe', 'ignore'],
      }),
    );
  } catch {
    return undefined;
  }
})();

const why = python ? '' : ' (no python3 of 3.11 or later to compare with)';

describe("a template's regular expression", () => {
  it.runIf(python)(`matches what Python's own re matches, group for group${why}`, () => {
    const ours = regexCases.map(([pattern, ...texts]) => {
      const regex = new PythonRegex(pattern);
      return texts.map((text) => regex.match(text) ?? null);
    });
    expect(ours).toEqual(python?.matches);
  });

  it.runIf(python)(`is refused where Python refuses it${why}`, () => {
    expect(python?.compiles).toEqual(badRegexes.map(() => false));
  });

  it.each(badRegexes)('is refused with a reason: %s', (pattern) => {
    expect(() => new PythonRegex(pattern)).toThrow(/./);
  });

  it('keeps what a group matched in an earlier turn of a loop', () => {
    expect(new PythonRegex('(?:(a)|b)+').match('ab')).toEqual(['ab', 'a']);
  });

  it('tells the names of its groups in their order', () => {
    expect([...new PythonRegex('(x)(?P<b>y)(?P<a>z)').names]).toEqual([
      ['b', 2],
      ['a', 3],
    ]);
  });

  it('takes a flag for the whole in the middle, as templates from before Python 3.11 have it', () => {
    expect(new PythonRegex('^a(?i)b').match('AB')).toEqual(['AB']);
  });
});
