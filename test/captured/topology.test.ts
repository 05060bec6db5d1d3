import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { captured } from './folder.ts';

/** Lies beside the captured outputs. */
const schemaPath = fileURLToPath(new URL('../reference/clab.schema.json', captured));
const missing = !existsSync(schemaPath);

describe.skipIf(missing)(`containerlab's own schema${missing ? ` (skipped: there is no ${schemaPath})` : ''}`, () => {
  it.each(['frr', 'ceos'])('takes the topology %s.clab.yml', (lab) => {
    const file = parse(readFileSync(new URL(`../../containerlab/${lab}.clab.yml`, import.meta.url), 'utf8'));
    const schema = JSON.parse(readFileSync(schemaPath, 'utf8'));
    const check = new Ajv({ strict: false, allErrors: true }).compile(schema);
    check(file);
    expect(check.errors).toBeNull();
    expect(check({ ...file, topology: { ...file.topology, nodes: { leaf1: { imagge: 'x' } } } })).toBe(false);
  });
});
