import { describe, expect, it } from 'vitest';
import { wayIn } from '../../../../cli/inventory/way-in.ts';
import { targetOf } from '../../../../lab/proof/target.ts';

const way = (device: Parameters<typeof targetOf>[0]) => wayIn(targetOf(device, { knownHosts: '' }).device);

describe('the way in to a device', () => {
  it('is what the inventory says, else what its platform is logged in to by', async () => {
    expect(await way({ platform: 'eos' })).toEqual({ transport: 'ssh', port: 22 });
    expect(await way({ platform: 'eos', transport: 'eapi' })).toEqual({ transport: 'eapi', port: 443 });
    const lab = { platform: 'eos', transport: 'eapi', options: { http: true } };
    expect(await way(lab)).toEqual({ transport: 'eapi', port: 80 });
    expect(await way({ platform: 'junos' })).toEqual({ transport: 'netconf', port: 830 });
    expect(await way({ platform: 'junos', transport: 'ssh' })).toEqual({ transport: 'ssh', port: 22 });
    expect(await way({ platform: 'netconf', port: 1830 })).toEqual({ transport: 'netconf', port: 1830 });
    expect(await way({ platform: 'ios', transport: 'telnet' })).toEqual({ transport: 'telnet', port: 23 });
  });
});
