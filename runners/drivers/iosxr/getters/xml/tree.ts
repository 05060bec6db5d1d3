import { named } from '../../../../../core/by-name.ts';
import { PlumbError } from '../../../../../core/errors.ts';
import type { Inputs } from '../../../../getters/getter.ts';
import { parseXml, type XmlElement } from '../../../../xml.ts';

const kebab = (name: string) =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1-$2')
    .toLowerCase();

/** What the YANG models call it otherwise than by the rule. */
const renamed: Record<string, string> = {
  'neighbor-table': 'neighbors',
  'vrf-table': 'vrfs',
  'address-list': 'address',
  hostname: 'host-name',
  'messges-received': 'messages-received',
  'basic-info': 'inv-basic-bag',
};

const convert = (element: XmlElement): XmlElement[] => {
  const name = kebab(element.name);
  const called = named(renamed, name) ?? name;
  const entries = element.children.filter((child) => child.name === 'Entry');
  if (entries.length > 0 && entries.length === element.children.length) {
    return entries.map((entry) => ({ ...entry, name: called, children: entry.children.flatMap(convert) }));
  }
  const children = element.children.flatMap((child) =>
    child.name === 'Naming' ? child.children.flatMap(convert) : convert(child),
  );
  const [only] = children;
  const text =
    called === 'neighbor-address' && only
      ? only.text
      : /^\s*BGP_ST_/.test(element.text)
        ? element.text.toLowerCase().replaceAll('_', '-')
        : element.text;
  return [{ ...element, name: called, children, text }];
};

/**
 * The answer of the XML agent, its names as the YANG models have them, so that one parser reads both. The prompt at its
 * end is left out; undefined where the request was refused.
 *
 * @throws PlumbError `parse_failed`
 */
export const agentReply = (inputs: Inputs, request: string): XmlElement | undefined => {
  const text = inputs.get(request)?.replace(/(?<!\s)\s*XML>\s*$/, '');
  if (text === undefined || text.trim() === '') return undefined;
  try {
    return convert(parseXml(text))[0];
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new PlumbError('parse_failed', `${request}: the answer of the XML agent is not XML: ${reason}`, { cause });
  }
};
