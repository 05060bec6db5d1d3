import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { redact } from '../../core/redact/redact.ts';
import { bench } from '../../lab/proof/bench.ts';
import { change } from '../../lab/proof/target.ts';
import { eos } from '../../runners/drivers/eos/platform.ts';
import { paths, pathsOfUnindented } from '../eos-paths.ts';
import { captured, readCaptured } from './folder.ts';

const files = readdirSync(new URL('avd/configs/', captured), { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.cfg'),
);
const read = (file: string) => readCaptured(`avd/configs/${file}`);

it('are more than a few', () => {
  expect(files.length).toBeGreaterThan(20);
});

describe.each(files)('the configuration of a fabric in %s', (file) => {
  it('is understood by the simulated EOS without its indentation, as eAPI clients send it', () => {
    expect(pathsOfUnindented(read(file))).toEqual(paths(read(file)));
  });

  it('shows no hash and no type-7 key once it is masked, and everything else', () => {
    const before = read(file).split('\n');
    const wanted = before.map((line) => {
      const keys = /(?:secret sha512|password 7|(?:authentication|shared-)key 7|authentication key 7) (\S+)/;
      const secret = keys.exec(line)?.[1];
      return secret ? line.replace(secret, '<secret>') : line;
    });
    expect(redact(before.join('\n')).split('\n')).toEqual(wanted);
  });
});

it.each(['ssh', 'eapi'] as const)('the configurations of fabrics are loaded as they are over %s', async (transport) => {
  await using switch1 = await bench(eos, transport, { platform: 'eos', config: 'hostname r1\nend\n' });
  const session = await switch1.open();
  for (const file of files) {
    await using candidate = await session.load(read(file), 'replace', change()).catch((error: unknown) => {
      throw new Error(`${file}: ${String(error)}`);
    });
    expect(await candidate.diff(), file).not.toBe('');
  }
});
