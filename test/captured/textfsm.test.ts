import { describe, expect, it } from 'vitest';
import { runTemplate } from '../../engines/textfsm/run-template.ts';
import { parseTemplate } from '../../engines/textfsm/template.ts';
import { readCaptured } from './folder.ts';

type Case = { template: string; case: string; path: string };

describe.each(['ntc', 'textfsm'])('the captured outputs in %s', (folder) => {
  const read = (path: string) => readCaptured(`${folder}/${path}`);
  const { cases } = JSON.parse(read('index.json')) as { cases: Case[] };

  it.each(cases.map(({ path, template }) => [path, template] as const))(
    'give the records that the reference engine gives: %s',
    (path, template) => {
      const records = runTemplate(parseTemplate(read(`templates/${template}`), template), read(`${path}/output.raw`));
      expect(records).toEqual(JSON.parse(read(`${path}/expected.json`)));
    },
  );
});
