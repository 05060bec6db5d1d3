import type { Configs, FileOf, Getter, Parsers } from '../../../getters/getter.ts';
import { descendants } from '../../../xml.ts';
import { bgp } from './bgp.ts';
import { bgpDetail } from './bgp-detail.ts';
import { replyOf, requests } from './bgp-tree.ts';
import { bgp as cliBgp } from './cli/bgp.ts';
import { bgpDetail as cliBgpDetail } from './cli/bgp-detail.ts';
import { facts as cliFacts } from './cli/facts.ts';
import { interfacesIp as cliInterfacesIp } from './cli/interfaces-ip.ts';
import { facts } from './facts.ts';
import { interfacesIp } from './interfaces-ip.ts';
import { napalm } from './napalm.ts';
import { bgp as agentBgp, bgpDetail as agentBgpDetail } from './xml/bgp.ts';
import { config as agentConfig } from './xml/config.ts';
import { facts as agentFacts, interfacesIp as agentInterfacesIp } from './xml/facts.ts';
import { napalm as agentNapalm } from './xml/napalm.ts';
import { type AgentRequest, agentFiles, holdsAgentFiles } from './xml/requests.ts';

const config: Getter<Configs> = {
  requests: [requests.running, requests.candidate],
  parse: (inputs) => {
    const text = (request: string) => descendants(replyOf(inputs, request), 'cli')[0]?.text.trim() ?? '';
    return { running: text(requests.running), startup: '', candidate: text(requests.candidate) };
  },
};

/** Requests of the XML agent are long: their files are told by a part of the name. */
const agentFile: FileOf = (request) => agentFiles[request.split(' ')[0] as AgentRequest] ?? /^$/;

/** How captures of a router are read: of its XML agent, of NETCONF, of its command line. */
export const parsers = {
  iosxr: {
    getters: {
      facts: agentFacts,
      bgp: agentBgp,
      'bgp-detail': agentBgpDetail,
      'interfaces-ip': agentInterfacesIp,
      config: agentConfig,
    },
    fileOf: agentFile,
    napalm: agentNapalm,
    elsewhere: (folder) => (holdsAgentFiles(folder) ? undefined : 'iosxr_netconf'),
  },
  iosxr_netconf: {
    getters: { facts, bgp, 'bgp-detail': bgpDetail, 'interfaces-ip': interfacesIp, config },
    fileOf: (request) => [`${request}.xml`],
    napalm,
  },
  iosxr_cli: {
    getters: { facts: cliFacts, bgp: cliBgp, 'bgp-detail': cliBgpDetail, 'interfaces-ip': cliInterfacesIp },
  },
} satisfies Parsers;
