import { execFileSync, spawnSync } from 'node:child_process';
import type { Case } from './cases.ts';

/** What Jinja2 says: the text, or that it refuses. */
export type Verdict = { text: string } | { refused: string };

const script = `
import json, sys
from jinja2 import DictLoader, Environment, StrictUndefined
out = []
for case in json.load(sys.stdin):
    env = Environment(loader=DictLoader({**case.get('files', {}), 'main': case['template']}), undefined=StrictUndefined,
                      trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
                      extensions=['jinja2.ext.do', 'jinja2.ext.loopcontrols'])
    try:
        out.append({'text': env.get_template('main').render(case.get('data', {}))})
    except Exception as error:
        out.append({'refused': '%s: %s' % (type(error).__name__, error)})
json.dump(out, sys.stdout)
`;

const pythons = ['python3', '/usr/bin/python3'];

/** The interpreter that has jinja2; undefined where none has. */
export const python = pythons.find((name) => spawnSync(name, ['-c', 'import jinja2']).status === 0);

/** Renders cases with the real Jinja2. */
export const realJinja = (cases: readonly Case[]): Verdict[] => {
  if (!python) throw new Error(`jinja2 is not there for ${pythons.join(' or ')}: install python3-jinja2`);
  const options = { input: JSON.stringify(cases), encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 } as const;
  return JSON.parse(execFileSync(python, ['-c', script], options)) as Verdict[];
};
