import { named } from '../../../../core/by-name.ts';
import { PlumbError } from '../../../../core/errors.ts';
import type { Inputs } from '../../../getters/getter.ts';
import { toNumber } from '../../../getters/values.ts';
import { child, children, descend, descendants, parseXml, textOf, type XmlElement } from '../../../xml.ts';

/** What to ask a NETCONF session for, by module and top nodes; the driver knows the filters. */
export const requests = {
  bgp: 'ipv4-bgp-oper_bgp',
  facts: 'shellutil-oper_system-time__pfi-im-cmd-oper_interfaces__invmgr-oper_inventory',
  addresses: 'ipv4-io-oper_ipv4-network__ipv6-ma-oper_ipv6-network',
  running: 'cli-cfg_cli__running',
  candidate: 'cli-cfg_cli__candidate',
} as const;

/**
 * The root of a reply; undefined where the request was refused.
 *
 * @throws PlumbError `parse_failed`
 */
export const replyOf = (inputs: Inputs, request: string): XmlElement | undefined => {
  const text = inputs.get(request);
  if (text === undefined || text.trim() === '') return undefined;
  try {
    return parseXml(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new PlumbError('parse_failed', `${request}: the reply is not XML: ${reason}`, { cause });
  }
};

/** A VRF with BGP: its own timers and its sessions. */
export type VrfTree = {
  name: string;
  routerId: string | null;
  holdSeconds: number | null;
  keepaliveSeconds: number | null;
  neighbors: XmlElement[];
};

const vrfTree = (name: string, element: XmlElement): VrfTree => {
  const process = descend(element, 'global-process-info', 'vrf');
  return {
    name,
    routerId: textOf(process, 'router-id') ?? null,
    holdSeconds: toNumber(textOf(process, 'hold-time')),
    keepaliveSeconds: toNumber(textOf(process, 'keep-alive-time')),
    neighbors: children(child(element, 'neighbors'), 'neighbor'),
  };
};

/** The VRFs of all BGP instances in a reply, the default one first. */
export const vrfsOf = (root: XmlElement | undefined): VrfTree[] =>
  descendants(root, 'instance-active').flatMap((active) => [
    ...children(active, 'default-vrf').map((each) => vrfTree('global', each)),
    ...children(child(active, 'vrfs'), 'vrf').map((each) => vrfTree(textOf(each, 'vrf-name') ?? '', each)),
  ]);

const states: Record<string, string> = {
  idle: 'Idle',
  connect: 'Connect',
  active: 'Active',
  opensent: 'OpenSent',
  'open-sent': 'OpenSent',
  openconfirm: 'OpenConfirm',
  'open-confirm': 'OpenConfirm',
  estab: 'Established',
};

/** `bgp-st-estab` is Established. */
export const stateOf = (neighbor: XmlElement): string => {
  const word = (textOf(neighbor, 'connection-state') ?? '').replace(/^bgp-st-/, '');
  return named(states, word) ?? word;
};
