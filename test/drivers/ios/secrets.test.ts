import { expect, it } from 'vitest';
import { bench } from '../../../lab/proof/bench.ts';
import { change } from '../../../lab/proof/target.ts';
import { ios } from '../../../runners/drivers/ios/platform.ts';

const config = (secret: string) =>
  `version 16.12\nhostname r1\n!\nusername alice secret ${secret}\n!\narchive\n path bootflash:archive\n!\nline vty 0 4\n login local\nend\n`;

it('IOS is told of a secret in plain text that changes alone: whether it is another one cannot be seen', async () => {
  await using ios1 = await bench(
    ios,
    'ssh',
    { platform: 'ios', config: config('9 $9$abc$def') },
    { plainSecrets: true },
  );
  await using candidate = await (await ios1.open()).load(config('new'), 'replace', change());
  expect(await candidate.diff()).toBe('');
  expect(candidate.incomparable).toContain('username alice secret');
});
