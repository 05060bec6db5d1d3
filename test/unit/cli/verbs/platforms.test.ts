import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { allDrivers } from '../../../../cli/verbs/platforms.ts';
import { plumb, repository } from '../terminal.ts';

const drivers = await allDrivers();

describe('plumb platforms PLATFORM', () => {
  it.each(
    drivers
      .filter(({ capabilities }) => capabilities.trial !== 'none')
      .map((driver) => [driver.platform, driver] as const),
  )(
    'says what a trial on %s means: who confirms it, its timer, its undo, what never compares equal',
    async (platform, { capabilities }) => {
      await using repo = await repository();
      const { out } = await plumb(repo.folder, ['platforms', platform]);
      expect(out).toContain(
        `${platform}: a trial is confirmed by ${capabilities.confirmFrom === 'any' ? 'any session' : 'only the session that armed it'}`,
      );
      expect(out).toContain(
        `${platform}: its timer counts ${capabilities.trialUnitSeconds === 60 ? 'minutes' : 'seconds'}\n`,
      );
      const { least, most } = capabilities.trialSeconds ?? {};
      if (least !== undefined) expect(out).toContain(`${platform}: a trial lasts ${least} to ${most} s`);
      expect(capabilities.undo?.length).toBeGreaterThan(10);
      expect(out).toContain(`${platform}: undo: ${capabilities.undo}\n`);
      expect(out).toContain(`${platform}: lines that never compare equal: ${capabilities.neverEqual}\n`);
      expect(out).not.toMatch(/:$/m);
      for (const note of capabilities.notes) expect(out).toContain(`${platform}: ${note}\n`);
    },
  );

  it('that there is not is wrong use, and the one that was meant is named', async () => {
    await using repo = await repository();
    const { code, err } = await plumb(repo.folder, ['platforms', 'iosxe', 'eos']);
    expect(code).toBe(2);
    expect(err).toContain('plumb: iosxe: no such platform; did you mean "ios');
  });

  it('says where there is no trial', async () => {
    await using repo = await repository();
    expect((await plumb(repo.folder, ['platforms', 'generic'])).out).toContain('generic: no trial is possible');
  });
});

describe('the page of a platform', () => {
  it.each(
    drivers
      .filter(({ platform }) => !['generic', 'huawei_vrp', 'hp_comware'].includes(platform))
      .map(({ platform, capabilities }) => [platform, capabilities] as const),
  )('says of %s how a trial is confirmed and undone, and its unit', (platform, { trialUnitSeconds }) => {
    const page = readFileSync(new URL(`../../../../docs/platforms/${platform}.md`, import.meta.url), 'utf8');
    expect(page).toMatch(/\| confirm \|/);
    expect(page).toMatch(/\| undo \|/);
    if (trialUnitSeconds === 60) expect(page).toMatch(/whole minutes/);
  });
});

it('the table of what is compared after a commit names each check of each platform', () => {
  const concepts = readFileSync(new URL('../../../../docs/concepts.md', import.meta.url), 'utf8');
  const rows = [...concepts.matchAll(/^\| `(\w+)` \| ((?:`\w+`(?:, )?)+) \| .+ \|$/gm)];
  const told = rows.map(([, platform = '', checks = '']) => [platform, checks.replaceAll('`', '').split(', ')]);
  const compared = drivers.flatMap(({ platform, health }) => (health ? [[platform, Object.keys(health)]] : []));
  expect(Object.fromEntries(told)).toEqual(Object.fromEntries(compared));
});
