import type { Bgp, BgpDetail, Facts } from '../../driver.ts';
import type { Getters, Inputs } from '../getter.ts';
import { rawConfigs } from '../iosxr-xml/config.ts';
import { napalmBgp } from './bgp.ts';
import { napalmBgpDetail } from './bgp-detail.ts';

const napalmFacts = (platform: string, facts: Facts): unknown => {
  const unknown = platform === 'ios' ? 'Unknown' : '';
  const shaped = Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, value ?? unknown]));
  return { ...shaped, uptime: facts.uptime ?? -1 };
};

/**
 * A result as NAPALM prints it, its oddities per platform included: -1 and '' for what is not known.
 *
 * @param platform as NAPALM names its drivers: eos, ios, iosxr_netconf, junos, nxos, nxos_ssh
 */
export const toNapalm = (platform: string, getter: keyof Getters, result: unknown, inputs: Inputs): unknown => {
  switch (getter) {
    case 'facts':
      return napalmFacts(platform, result as Facts);
    case 'bgp':
      return napalmBgp(platform, result as Bgp, inputs);
    case 'bgp-detail':
      return napalmBgpDetail(platform, result as BgpDetail, inputs);
    case 'config':
      return platform === 'iosxr' ? rawConfigs(inputs) : result;
    default:
      return result;
  }
};
