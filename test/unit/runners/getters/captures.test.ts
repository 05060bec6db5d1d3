import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Parser } from '../../../../runners/getters/getter.ts';
import { parsers } from '../../../parsers.ts';
import { plumbParse } from '../../../plumb-parse.ts';

// One device a folder, written by hand in the form that the platform prints, in which no two numbers are alike. Beside them
// what each getter tells of it: checked against the captures by eye, field by field.
const folder = fileURLToPath(new URL('../../../captures/', import.meta.url));

const cases = Object.entries<Parser>(parsers).flatMap(([platform, { getters, napalm }]) =>
  Object.keys(getters).flatMap((getter) =>
    (napalm ? ['plumb', 'napalm'] : ['plumb']).map((shape) => ({ platform, getter, shape })),
  ),
);

describe.each(cases)('the getter $getter of $platform', ({ platform, getter, shape }) => {
  it(`tells what the device printed, in the shape of ${shape}`, async () => {
    const device = `${folder}${platform}`;
    const told = await plumbParse('--platform', platform, '--getter', getter, '--shape', shape, device);
    const expected = `${folder}${platform}.${shape}.json`;
    expect(existsSync(expected), expected).toBe(true);
    expect(told).toEqual((JSON.parse(readFileSync(expected, 'utf8')) as Record<string, unknown>)[getter]);
  });
});
