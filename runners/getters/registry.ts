import { PlumbError } from '../../core/errors.ts';
import { didYouMean } from '../../core/inventory/nearest.ts';
import { descendants } from '../xml.ts';
import { bgp as birdBgp } from './bird/bgp.ts';
import { bgpDetail as birdBgpDetail } from './bird/bgp-detail.ts';
import { facts as birdFacts } from './bird/facts.ts';
import { configsOf, withoutLines } from './config.ts';
import { bgp as eosBgp } from './eos/bgp.ts';
import { bgpDetail as eosBgpDetail } from './eos/bgp-detail.ts';
import { facts as eosFacts } from './eos/facts.ts';
import { interfacesIp as eosInterfacesIp } from './eos/interfaces-ip.ts';
import { bgp as frrBgp } from './frr/bgp.ts';
import { bgpDetail as frrBgpDetail } from './frr/bgp-detail.ts';
import { facts as frrFacts } from './frr/facts.ts';
import { interfacesIp as frrInterfacesIp } from './frr/interfaces-ip.ts';
import type { Configs, Getter, Getters } from './getter.ts';
import { bgp as iosBgp } from './ios/bgp.ts';
import { bgpDetail as iosBgpDetail } from './ios/bgp-detail.ts';
import { facts as iosFacts } from './ios/facts.ts';
import { interfacesIp as iosInterfacesIp } from './ios/interfaces-ip.ts';
import { bgp as iosxrBgp } from './iosxr/bgp.ts';
import { bgpDetail as iosxrBgpDetail } from './iosxr/bgp-detail.ts';
import { replyOf as iosxrReply, requests as iosxrRequests } from './iosxr/bgp-tree.ts';
import { facts as iosxrFacts } from './iosxr/facts.ts';
import { interfacesIp as iosxrInterfacesIp } from './iosxr/interfaces-ip.ts';
import { bgp as iosxrCliBgp } from './iosxr-cli/bgp.ts';
import { bgpDetail as iosxrCliBgpDetail } from './iosxr-cli/bgp-detail.ts';
import { facts as iosxrCliFacts } from './iosxr-cli/facts.ts';
import { interfacesIp as iosxrCliInterfacesIp } from './iosxr-cli/interfaces-ip.ts';
import { bgp as agentBgp, bgpDetail as agentBgpDetail } from './iosxr-xml/bgp.ts';
import { config as agentConfig } from './iosxr-xml/config.ts';
import { facts as agentFacts, interfacesIp as agentInterfacesIp } from './iosxr-xml/facts.ts';
import { holdsAgentFiles } from './iosxr-xml/requests.ts';
import { bgp as junosBgp } from './junos/bgp.ts';
import { bgpDetail as junosBgpDetail } from './junos/bgp-detail.ts';
import { facts as junosFacts } from './junos/facts.ts';
import { interfacesIp as junosInterfacesIp } from './junos/interfaces-ip.ts';
import { configRequest as junosConfigRequest, replyOf as junosReply } from './junos/replies.ts';
import { interfacesIp as linuxInterfacesIp } from './linux/interfaces-ip.ts';
import { bgp as nxosBgp } from './nxos/bgp.ts';
import { bgpDetail as nxosBgpDetail } from './nxos/bgp-detail.ts';
import { facts as nxosFacts } from './nxos/facts.ts';
import { interfacesIp as nxosInterfacesIp } from './nxos/interfaces-ip.ts';
import { bgp as nxosSshBgp } from './nxos-ssh/bgp.ts';
import { bgpDetail as nxosSshBgpDetail } from './nxos-ssh/bgp-detail.ts';
import { facts as nxosSshFacts } from './nxos-ssh/facts.ts';
import { interfacesIp as nxosSshInterfacesIp } from './nxos-ssh/interfaces-ip.ts';
import { comwareBgp, vrpBgp } from './vrp/bgp.ts';
import { comwareBgpDetail, vrpBgpDetail } from './vrp/bgp-detail.ts';
import { comwareFacts, vrpFacts } from './vrp/facts.ts';
import { comwareInterfacesIp, vrpInterfacesIp } from './vrp/interfaces-ip.ts';

const iosConfig = configsOf(
  { running: 'show running-config', startup: 'show startup-config' },
  withoutLines(
    /^Building configuration.*$/gm,
    /^Current configuration :.*$/gm,
    /^! Last configuration change at.*$/gm,
    /^! NVRAM config last updated at.*$/gm,
  ),
);

const nxosConfig = configsOf(
  { running: 'show running-config', startup: 'show startup-config' },
  withoutLines(/!Command: show .*$/gm, /!Time:.*\d{4}\s*$/gm, /Startup config saved at:.*$/gm),
);

const junosConfig: Getter<Configs> = {
  requests: ['committed', 'candidate'].map(junosConfigRequest),
  parse: (inputs) => {
    const [running, candidate] = ['committed', 'candidate'].map(
      (database) => junosReply(inputs, junosConfigRequest(database))?.text ?? '',
    );
    return { running: running ?? '', startup: '', candidate: candidate ?? '' };
  },
};

const iosxrConfig: Getter<Configs> = {
  requests: [iosxrRequests.running, iosxrRequests.candidate],
  parse: (inputs) => {
    const text = (request: string) => descendants(iosxrReply(inputs, request), 'cli')[0]?.text.trim() ?? '';
    return { running: text(iosxrRequests.running), startup: '', candidate: text(iosxrRequests.candidate) };
  },
};

/** The parsers of each platform and transport. NX-OS over SSH prints text where NX-API gives JSON. */
export const getters = {
  eos: {
    facts: eosFacts,
    bgp: eosBgp,
    'bgp-detail': eosBgpDetail,
    'interfaces-ip': eosInterfacesIp,
    config: configsOf({ running: 'show running-config (text)', startup: 'show startup-config (text)' }, (text) => text),
  },
  ios: {
    facts: iosFacts,
    bgp: iosBgp,
    'bgp-detail': iosBgpDetail,
    'interfaces-ip': iosInterfacesIp,
    config: iosConfig,
  },
  iosxr_netconf: {
    facts: iosxrFacts,
    bgp: iosxrBgp,
    'bgp-detail': iosxrBgpDetail,
    'interfaces-ip': iosxrInterfacesIp,
    config: iosxrConfig,
  },
  junos: {
    facts: junosFacts,
    bgp: junosBgp,
    'bgp-detail': junosBgpDetail,
    'interfaces-ip': junosInterfacesIp,
    config: junosConfig,
  },
  nxos: {
    facts: nxosFacts,
    bgp: nxosBgp,
    'bgp-detail': nxosBgpDetail,
    'interfaces-ip': nxosInterfacesIp,
    config: nxosConfig,
  },
  nxos_ssh: {
    facts: nxosSshFacts,
    bgp: nxosSshBgp,
    'bgp-detail': nxosSshBgpDetail,
    'interfaces-ip': nxosSshInterfacesIp,
    config: nxosConfig,
  },
  iosxr_cli: {
    facts: iosxrCliFacts,
    bgp: iosxrCliBgp,
    'bgp-detail': iosxrCliBgpDetail,
    'interfaces-ip': iosxrCliInterfacesIp,
  },
  iosxr: {
    facts: agentFacts,
    bgp: agentBgp,
    'bgp-detail': agentBgpDetail,
    'interfaces-ip': agentInterfacesIp,
    config: agentConfig,
  },
  frr: { facts: frrFacts, bgp: frrBgp, 'bgp-detail': frrBgpDetail, 'interfaces-ip': frrInterfacesIp },
  bird: { facts: birdFacts, bgp: birdBgp, 'bgp-detail': birdBgpDetail, 'interfaces-ip': linuxInterfacesIp },
  linux: { 'interfaces-ip': linuxInterfacesIp },
  huawei_vrp: { facts: vrpFacts, bgp: vrpBgp, 'bgp-detail': vrpBgpDetail, 'interfaces-ip': vrpInterfacesIp },
  hp_comware: {
    facts: comwareFacts,
    bgp: comwareBgp,
    'bgp-detail': comwareBgpDetail,
    'interfaces-ip': comwareInterfacesIp,
  },
} satisfies Record<string, Getters>;

/** How a platform writes the secrets in its configuration. */
export const sanitizeStyle = (platform: string): 'cisco' | 'eos' | 'junos' =>
  platform === 'eos' || platform === 'junos' ? platform : 'cisco';

/** As ntc-templates calls them. */
const platformNames: Readonly<Record<string, string>> = {
  arista_eos: 'eos',
  cisco_ios: 'ios',
  cisco_xr: 'iosxr_cli',
  cisco_nxos: 'nxos_ssh',
  juniper_junos: 'junos',
};

/**
 * The parsers for captures of a platform.
 *
 * @param platform `iosxr` is told by the files in the folder: NETCONF, or the older XML agent
 * @throws PlumbError `invalid_request`
 */
export const gettersFor = (platform: string, folder: string): { platform: string; parsers: Getters } => {
  const plain = platform.replaceAll('-', '_');
  const name = platformNames[plain] ?? plain;
  const wanted = name === 'iosxr' && !holdsAgentFiles(folder) ? 'iosxr_netconf' : name;
  const parsers: Getters | undefined = Object.hasOwn(getters, wanted)
    ? getters[wanted as keyof typeof getters]
    : undefined;
  if (parsers) return { platform: wanted, parsers };
  const known = Object.keys(getters);
  throw new PlumbError(
    'invalid_request',
    `there are no parsers for platform ${platform}${didYouMean(platform, known)}`,
    {
      hint: `there are some for ${known.join(', ')}`,
    },
  );
};
