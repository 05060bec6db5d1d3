import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { failures } from '../../../core/errors.ts';

const root = new URL('../../', import.meta.url).pathname;
/** These go through all codes and expect none of its own. */
const general = /\/(?:failure-codes|outcome|undone)\.test\.ts$/;

const sources = ['unit', 'drivers', 'integration']
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(root, folder, file)),
  )
  .filter((file) => file.endsWith('.ts') && !general.test(file))
  .map((file) => readFileSync(file, 'utf8'));

/** What a test expects: from `expect(` to the end of the statement, and the rows of its tables. */
const expectations = (source: string): string[] => {
  const statements: string[] = [];
  for (let at = source.indexOf('expect('); at !== -1; at = source.indexOf('expect(', at + 1)) {
    const end = source.indexOf(';\n', at);
    statements.push(source.slice(at, end === -1 ? undefined : end));
  }
  const rows = /\.each\(/.test(source) ? (source.match(/(?<=[[,]\s*)'\w+'(?=\s*[,\]])/g) ?? []) : [];
  return [...statements, ...rows];
};

const all = sources.flatMap(expectations);

describe('the table of failures', () => {
  it.each(Object.keys(failures))('has %s expected by a test', (code) => {
    const word = new RegExp(`(?<=['"\`/(|^])${code}(?=['"\`/:)|])`);
    expect(all.some((text) => word.test(text))).toBe(true);
  });

  it('is the one of docs/failures.md', () => {
    const again = { soon: 'by itself', mended: 'once mended', look: 'at the next look', never: 'no' } as const;
    const wanted = Object.entries(failures).map(([code, kind]) => [
      `\`${code}\``,
      String(kind.http),
      kind.misuse ? '2' : '1',
      again[kind.again],
      kind.connection ?? '',
      kind.left ? 'yes' : '',
    ]);
    const page = readFileSync(join(root, '../docs/failures.md'), 'utf8');
    const rows = [...page.matchAll(/^\| (`.*) \|$/gm)].map(([, row = '']) => row.split(/ *\| */));
    expect(rows.map(([code, , ...cells]) => [code, ...cells])).toEqual(wanted);
    expect(rows.filter(([, means]) => !means)).toEqual([]);
  });
});
