import { describe, expect, it } from 'vitest';
import { generic } from '../../../../runners/drivers/generic/platform.ts';
import { hp_comware } from '../../../../runners/drivers/hp_comware/platform.ts';
import { huawei_vrp } from '../../../../runners/drivers/huawei_vrp/platform.ts';

describe('platforms without a way to replace a configuration', () => {
  it('say what they cannot do', () => {
    expect(generic.capabilities).toMatchObject({ replace: 'none', trial: 'none', getters: [] });
    expect(generic.capabilities.notes.join(' ')).toContain('never committed: nothing on the device would undo it');
    for (const { capabilities } of [hp_comware, huawei_vrp]) {
      expect(capabilities).toMatchObject({ replace: 'none', trial: 'native', confirmFrom: 'any' });
      expect(capabilities.notes.join(' ')).toContain('the device would not undo it');
      expect(capabilities.tested).toBe("simulated from the vendors' manuals; no device, no recorded session");
    }
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
