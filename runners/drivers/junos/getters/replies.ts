import { PlumbError } from '../../../../core/errors.ts';
import type { Inputs } from '../../../getters/getter.ts';
import { children, descendants, parseXml, textOf, type XmlElement } from '../../../xml.ts';

/**
 * The reply to an RPC: its root element, whether or not `<rpc-reply>` is around it; undefined where it was refused.
 *
 * @throws PlumbError `parse_failed`
 */
export const replyOf = (inputs: Inputs, request: string): XmlElement | undefined => {
  const text = inputs.get(request);
  if (text === undefined || text.trim() === '') return undefined;
  try {
    const root = parseXml(text);
    return root.name === 'rpc-reply' ? root.children[0] : root;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new PlumbError('parse_failed', `${request}: the reply is not XML: ${reason}`, { cause });
  }
};

/** The routing instances, without the ones that Junos keeps for itself. */
export const instancesOf = (inputs: Inputs): string[] =>
  children(replyOf(inputs, 'get-instance-information'), 'instance-core')
    .map((core) => textOf(core, 'instance-name') ?? '')
    .filter((name) => name !== '' && !name.startsWith('__'));

/** The sessions of an instance, as `get-bgp-neighbor-information` tells them. */
export const peersOf = (inputs: Inputs, instance: string): XmlElement[] =>
  descendants(replyOf(inputs, `get-bgp-neighbor-information ${instance}`), 'bgp-peer');

/** `master` is what others call the default VRF. */
export const vrfName = (instance: string): string => (instance === 'master' ? 'global' : instance);

/** An option of a session: its policies, timers and flags stand in a part of their own. */
export const option = (peer: XmlElement, name: string): string | undefined =>
  textOf(peer, 'bgp-option-information', name);

/** What asks for the text of a configuration. */
export const configRequest = (database: string): string => `get_config__database_${database}__format_text`;
