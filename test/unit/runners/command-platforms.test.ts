import { describe, expect, it } from 'vitest';
import { generic } from '../../../runners/drivers/generic.ts';
import { hp_comware } from '../../../runners/drivers/hp_comware.ts';
import { huawei_vrp } from '../../../runners/drivers/huawei_vrp.ts';

describe('platforms that are only asked', () => {
  it('say that they have no trial and no replace', () => {
    for (const { capabilities } of [generic, hp_comware, huawei_vrp]) {
      expect(capabilities).toMatchObject({ replace: 'none', trial: 'none' });
    }
    expect(generic.capabilities.getters).toEqual([]);
    expect(huawei_vrp.capabilities.getters).toEqual(['facts', 'bgp', 'interfaces-ip']);
  });

  it('tell the host name that a configuration sets', () => {
    expect(huawei_vrp.hostname('#\n sysname ce1\n#\n')).toBe('ce1');
    expect(hp_comware.hostname('#\n version 7.1\n sysname hp1\n')).toBe('hp1');
    expect(generic.hostname('!\nhostname r1\n')).toBe('r1');
  });

  it('compare configurations without what changes by itself', () => {
    const text =
      '!Software Version V200R005\n!Last configuration was updated at 2026-11-21\n#\nsysname ce1\n#\nreturn\n';
    expect(huawei_vrp.normalise(text)).toBe('sysname ce1\nreturn\n');
  });
});
