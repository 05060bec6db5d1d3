import { rawConfigs } from '../../drivers/iosxr/getters/xml/config.ts';
import { configRequest as junosConfigRequest, replyOf as junosReply } from '../../drivers/junos/getters/replies.ts';
import { chassisOf } from '../../drivers/nxos/getters/facts.ts';
import { ipv6Rows } from '../../drivers/nxos/getters/interfaces-ip.ts';
import type { Bgp, BgpDetail, Facts, InterfacesIp } from '../../shapes.ts';
import type { Configs, Getters, Inputs } from '../getter.ts';
import { jsonOf, textAt } from '../json.ts';
import { toAddress } from '../values.ts';
import { napalmBgp } from './bgp.ts';
import { napalmBgpDetail } from './bgp-detail.ts';
import { nxosSshAddresses } from './nxos-ssh.ts';

/** NX-OS: what was not found is left out, and the name of its version since 10.1 is not known. */
const nxosFacts = (inputs: Inputs): Record<string, unknown> => {
  const version = jsonOf(inputs, 'show version');
  const chassis = chassisOf(jsonOf(inputs, 'show inventory'));
  return {
    os_version: textAt(version, 'sys_ver_str') ?? textAt(version, 'kickstart_ver_str') ?? '',
    serial_number: chassis === undefined ? null : (textAt(chassis, 'serialnum') ?? ''),
  };
};

/** Whatever follows is taken for a domain there, "not set" too. */
const domainPatterns: Record<string, RegExp> = {
  ios: /Default domain is (.*)/,
  nxos_ssh: /Default domain.{0,100}is (.*)/,
};

const napalmFacts = (platform: string, facts: Facts, inputs: Inputs): unknown => {
  const unknown = platform === 'ios' ? 'Unknown' : '';
  const shaped = Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, value ?? unknown]));
  const { fqdn } = facts;
  const missing = platform === 'nxos' ? { ...nxosFacts(inputs), ...(fqdn ? {} : { fqdn: undefined }) } : {};
  const domain = domainPatterns[platform]?.exec(inputs.get('show hosts') ?? '')?.[1]?.trim();
  const { hostname } = facts;
  const whole = platform === 'nxos_ssh' && (inputs.get('show hostname') ?? '').trim().split('.').length > 2;
  const known = platform === 'ios' ? domain !== undefined : domain;
  const full = known && hostname !== null && !whole ? { fqdn: `${hostname}.${domain}` } : {};
  const sorted = platform === 'iosxr' ? { interface_list: [...new Set(facts.interface_list)].sort() } : {};
  return { ...shaped, ...missing, ...full, ...sorted, uptime: facts.uptime ?? -1 };
};

/** The length that a single IPv6 address tells itself is not read there, but that of the interface's prefix. */
const napalmNxosAddresses = (result: InterfacesIp, inputs: Inputs): InterfacesIp => {
  const shaped = structuredClone(result);
  for (const { name, addresses, prefixLength, single } of ipv6Rows(inputs)) {
    const [address] = addresses;
    const known = shaped[name]?.ipv6?.[address ?? ''];
    if (single && known) known.prefix_length = prefixLength ?? 128;
  }
  return shaped;
};

/** A configuration without any text is Python's None there. */
const napalmJunosConfigs = (configs: Configs, inputs: Inputs): Configs => {
  const said = (text: string, database: string) =>
    text === '' && junosReply(inputs, junosConfigRequest(database)) !== undefined ? 'None' : text;
  return {
    ...configs,
    running: said(configs.running, 'committed'),
    candidate: said(configs.candidate, 'candidate'),
  };
};

/** A link-local address is not read there until it is certain that no other host has it. */
const napalmIosAddresses = (result: InterfacesIp, inputs: Inputs): InterfacesIp => {
  const shaped = structuredClone(result);
  for (const block of (inputs.get('show ipv6 interface') ?? '').split(/^(?=\S)/m)) {
    const [, tentative] = /^[ \t]+IPv6 is (?!enabled)\w+, link-local address is ([0-9A-Fa-f:.]+)/m.exec(block) ?? [];
    const addresses = shaped[block.split(' ')[0] ?? '']?.ipv6;
    if (tentative !== undefined && addresses) delete addresses[toAddress(tentative)];
  }
  return shaped;
};

/**
 * A result as NAPALM prints it, its oddities per platform included: -1 and '' for what is not known.
 *
 * @param platform as NAPALM names its drivers: eos, ios, iosxr_netconf, junos, nxos, nxos_ssh
 */
export const toNapalm = (platform: string, getter: keyof Getters, result: unknown, inputs: Inputs): unknown => {
  switch (getter) {
    case 'facts':
      return napalmFacts(platform, result as Facts, inputs);
    case 'bgp':
      return napalmBgp(platform, result as Bgp, inputs);
    case 'bgp-detail':
      return napalmBgpDetail(platform, result as BgpDetail, inputs);
    case 'interfaces-ip':
      if (platform === 'ios') return napalmIosAddresses(result as InterfacesIp, inputs);
      if (platform === 'nxos_ssh') return nxosSshAddresses(inputs);
      return platform === 'nxos' ? napalmNxosAddresses(result as InterfacesIp, inputs) : result;
    case 'config':
      if (platform === 'junos') return napalmJunosConfigs(result as Configs, inputs);
      return platform === 'iosxr' ? rawConfigs(inputs) : result;
    default:
      return result;
  }
};
