import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { bench } from '../../../../lab/proof/bench.ts';
import { eos } from '../../../../runners/drivers/eos/platform.ts';
import { junos } from '../../../../runners/drivers/junos/platform.ts';

const cases = [
  ['ssh', eos, 'eos'],
  ['telnet', eos, 'eos'],
  ['eapi', eos, 'eos'],
  ['netconf', junos, 'junos'],
] as const;

describe.concurrent.each(cases)('a login by %s', (transport, driver, platform) => {
  it('leaves nothing that listens to its signal', async () => {
    await using at = await bench(driver, transport, { platform, config: '' });
    const { signal } = new AbortController();
    {
      await using session = await driver.open(at.target, signal);
      await session.config('running');
    }
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});
