import { PlumbError } from '../../core/errors.ts';
import { didYouMean } from '../../engines/nearest.ts';
import { bgp as birdBgp } from '../drivers/bird/getters/bgp.ts';
import { bgpDetail as birdBgpDetail } from '../drivers/bird/getters/bgp-detail.ts';
import { facts as birdFacts } from '../drivers/bird/getters/facts.ts';
import { bgp as eosBgp } from '../drivers/eos/getters/bgp.ts';
import { bgpDetail as eosBgpDetail } from '../drivers/eos/getters/bgp-detail.ts';
import { facts as eosFacts } from '../drivers/eos/getters/facts.ts';
import { interfacesIp as eosInterfacesIp } from '../drivers/eos/getters/interfaces-ip.ts';
import { bgp as frrBgp } from '../drivers/frr/getters/bgp.ts';
import { bgpDetail as frrBgpDetail } from '../drivers/frr/getters/bgp-detail.ts';
import { facts as frrFacts } from '../drivers/frr/getters/facts.ts';
import { interfacesIp as frrInterfacesIp } from '../drivers/frr/getters/interfaces-ip.ts';
import { bgp as iosBgp } from '../drivers/ios/getters/bgp.ts';
import { bgpDetail as iosBgpDetail } from '../drivers/ios/getters/bgp-detail.ts';
import { facts as iosFacts } from '../drivers/ios/getters/facts.ts';
import { interfacesIp as iosInterfacesIp } from '../drivers/ios/getters/interfaces-ip.ts';
import { bgp as iosxrBgp } from '../drivers/iosxr/getters/bgp.ts';
import { bgpDetail as iosxrBgpDetail } from '../drivers/iosxr/getters/bgp-detail.ts';
import { replyOf as iosxrReply, requests as iosxrRequests } from '../drivers/iosxr/getters/bgp-tree.ts';
import { bgp as iosxrCliBgp } from '../drivers/iosxr/getters/cli/bgp.ts';
import { bgpDetail as iosxrCliBgpDetail } from '../drivers/iosxr/getters/cli/bgp-detail.ts';
import { facts as iosxrCliFacts } from '../drivers/iosxr/getters/cli/facts.ts';
import { interfacesIp as iosxrCliInterfacesIp } from '../drivers/iosxr/getters/cli/interfaces-ip.ts';
import { facts as iosxrFacts } from '../drivers/iosxr/getters/facts.ts';
import { interfacesIp as iosxrInterfacesIp } from '../drivers/iosxr/getters/interfaces-ip.ts';
import { bgp as agentBgp, bgpDetail as agentBgpDetail } from '../drivers/iosxr/getters/xml/bgp.ts';
import { config as agentConfig } from '../drivers/iosxr/getters/xml/config.ts';
import { facts as agentFacts, interfacesIp as agentInterfacesIp } from '../drivers/iosxr/getters/xml/facts.ts';
import { holdsAgentFiles } from '../drivers/iosxr/getters/xml/requests.ts';
import { bgp as junosBgp } from '../drivers/junos/getters/bgp.ts';
import { bgpDetail as junosBgpDetail } from '../drivers/junos/getters/bgp-detail.ts';
import { facts as junosFacts } from '../drivers/junos/getters/facts.ts';
import { interfacesIp as junosInterfacesIp } from '../drivers/junos/getters/interfaces-ip.ts';
import { configRequest as junosConfigRequest, replyOf as junosReply } from '../drivers/junos/getters/replies.ts';
import { interfacesIp as linuxInterfacesIp } from '../drivers/linux/getters/interfaces-ip.ts';
import { bgp as nxosBgp } from '../drivers/nxos/getters/bgp.ts';
import { bgpDetail as nxosBgpDetail } from '../drivers/nxos/getters/bgp-detail.ts';
import { facts as nxosFacts } from '../drivers/nxos/getters/facts.ts';
import { interfacesIp as nxosInterfacesIp } from '../drivers/nxos/getters/interfaces-ip.ts';
import { bgp as nxosSshBgp } from '../drivers/nxos/getters/ssh/bgp.ts';
import { bgpDetail as nxosSshBgpDetail } from '../drivers/nxos/getters/ssh/bgp-detail.ts';
import { facts as nxosSshFacts } from '../drivers/nxos/getters/ssh/facts.ts';
import { interfacesIp as nxosSshInterfacesIp } from '../drivers/nxos/getters/ssh/interfaces-ip.ts';
import { comwareBgp, vrpBgp } from '../drivers/vrp/getters/bgp.ts';
import { comwareBgpDetail, vrpBgpDetail } from '../drivers/vrp/getters/bgp-detail.ts';
import { comwareFacts, vrpFacts } from '../drivers/vrp/getters/facts.ts';
import { comwareInterfacesIp, vrpInterfacesIp } from '../drivers/vrp/getters/interfaces-ip.ts';
import { descendants } from '../xml.ts';
import { configsOf, withoutLines } from './config.ts';
import type { Configs, Getter, Getters } from './getter.ts';

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
