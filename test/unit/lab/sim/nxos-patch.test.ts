import { describe, expect, it } from 'vitest';
import { bench } from '../../../../lab/proof/bench.ts';
import { change } from '../../../../lab/proof/target.ts';
import { nxos } from '../../../../runners/drivers/nxos/platform.ts';
import { Person } from './client.ts';

const config = (banner: string) => `version 10.3(4a) Bios:version\nhostname r1\n${banner}\nline vty\n`;
const first = 'banner motd ^\nkeep out\n  or ring 4711\n^\n';
const second = 'banner motd #\ncome in\n#\n';

describe('the rollback patch of a simulated switch with NX-OS', () => {
  it.each([
    ['a new banner', '', first, first],
    ['another banner', first, second, second],
    ['no banner any more', first, '', 'no banner motd\n'],
  ])('shows %s whole', async (_, before, after, shown) => {
    await using device = await bench(nxos, 'ssh', { platform: 'nxos', config: config(before) });
    const session = await device.open();
    await using candidate = await session.load(config(after), 'replace', change());
    expect(`${(await candidate.diff()).trim()}\n`).toBe(shown);
    await using person = await Person.at(device.sim);
    await person.type('checkpoint old');
    await (await candidate.commit({ confirmSeconds: 120, fence: () => {} })).confirm();
    expect(await person.type('show diff rollback-patch checkpoint old running-config')).toContain(`!!\n!\n${shown}`);
  });
});
