import { describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import { complianceReport, parseRules } from '../../runners/validate/validate.ts';
import { readCaptured } from './folder.ts';

/** PyYAML does not mind a flow collection that goes on at any indent; the reports are written for it. */
const parseReport = (text: string): unknown => {
  const oneLine = text.replace(/\{[^}]*\}/g, (flow) => flow.replace(/\s+/g, ' '));
  return parseDocument(oneLine, { version: '1.1' }).toJS();
};

describe("NAPALM's own validation files", () => {
  it.each(['non_strict_fail', 'non_strict_pass', 'simple_fail', 'strict_pass'])(
    'give the report that NAPALM gives: %s',
    (name) => {
      const read = (file: string) => readCaptured(`napalm/validate/${name}/${file}`);
      const rules = parseRules(read('validate.yml'), 'validate.yml');
      const report = complianceReport(rules, ({ getter }) => JSON.parse(read(`${getter}.json`)));
      expect(report).toEqual(parseReport(read('report.yml')));
    },
  );
});
