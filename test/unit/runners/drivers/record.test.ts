import { describe, expect, it } from 'vitest';
import { platforms, transports } from '../../../../core/platform-names.ts';
import { platformSecrets } from '../../../../core/redact/platforms/all.ts';
import { allParsers, parserFor } from '../../../../runners/drivers/parsers.ts';
import { allDrivers, driverFor } from '../../../../runners/drivers/registry.ts';

/** Those that come with Plumbline: other tests of this process may have loaded more. */
const own = platforms.map(driverFor);

describe('the record of a platform', () => {
  it('is there for every platform that an inventory may name', () => {
    expect(own.map(({ platform }) => platform)).toEqual(platforms);
    for (const { platform, capabilities } of own)
      expect(capabilities.transports, platform).toEqual(transports[platform as keyof typeof transports]);
  });

  it('has the secrets that every process masks', () => {
    const told = own.flatMap(({ secrets }) => secrets ?? []);
    expect(new Set(Object.values(platformSecrets))).toEqual(new Set(told));
  });

  it('has parsers under names that no other platform has', () => {
    const names = allDrivers().flatMap(({ parsers = {} }) => Object.keys(parsers));
    expect([...names].sort()).toEqual([...allParsers().keys()].sort());
  });

  it('is found by what ntc-templates calls it', () => {
    const found = (name: string) => parserFor(name, '/nowhere').name;
    expect(found('arista_eos')).toBe('eos');
    expect(found('cisco_nxos')).toBe('nxos_ssh');
    expect(found('cisco-xr')).toBe('iosxr_cli');
    expect(found('iosxr')).toBe('iosxr_netconf'); // a folder without files of the XML agent
    expect(() => found('arista_eso')).toThrow('no parsers for platform arista_eso');
  });
});
