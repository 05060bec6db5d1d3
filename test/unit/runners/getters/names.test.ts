import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Parser } from '../../../../runners/getters/getter.ts';
import { folderOfAll } from '../../../folder.ts';
import { parsers } from '../../../parsers.ts';
import { plumbParse } from '../../../plumb-parse.ts';

const captures = fileURLToPath(new URL('../../../captures/', import.meta.url));
const folder = folderOfAll('names');

/** The captures of a device whose VRF RED is called something else. */
const renamed = (platform: string, vrf: string): string => {
  const device = join(folder, `${platform}-${vrf}`);
  mkdirSync(device, { recursive: true });
  for (const file of readdirSync(join(captures, platform))) {
    const text = readFileSync(join(captures, platform, file), 'utf8');
    writeFileSync(join(device, file.replace('RED', vrf)), text.replace(/\bRED\b/g, vrf));
  }
  return device;
};

const cases = Object.entries<Parser>(parsers).flatMap(([platform, { getters, napalm }]) =>
  Object.keys(getters)
    .filter((getter) => getter.startsWith('bgp'))
    .flatMap((getter) => (napalm ? ['plumb', 'napalm'] : ['plumb']).map((shape) => ({ platform, getter, shape }))),
);

describe.each(cases)('the getter $getter of $platform', ({ platform, getter, shape }) => {
  // another of the same length: columns must stand where they stood
  it.each([
    ['constructor', 'tenant_name'],
    ['__proto__', '__tenant_'],
  ])(`tells of a VRF called %s what it tells of any (${shape})`, async (odd, plain) => {
    const told = (vrf: string) =>
      plumbParse('--platform', platform, '--getter', getter, '--shape', shape, renamed(platform, vrf));
    const text = JSON.stringify(await told(plain));
    expect(JSON.stringify(await told(odd))).toBe(text.replaceAll(plain, odd));
  });
});
