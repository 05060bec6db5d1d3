import { escapeXml } from '../../../xml.ts';

/** What of an answer is asked for, where all of it would be too much. */
const forms: Readonly<Record<string, string>> = {
  'get-interface-information': 'terse',
  'get-forwarding-table-information': 'summary',
};

/** The RPC of a request, as it goes into `<rpc>`: `get-bgp-neighbor-information RED` asks for the instance RED. */
export const rpcOf = (request: string): string => {
  const [, database] = /^get_config__database_(\w+?)__format_text$/.exec(request) ?? [];
  if (database !== undefined) return `<get-configuration database="${database}" format="text"/>`;
  const [name = '', ...rest] = request.split(' ');
  const form = forms[name];
  if (form !== undefined) return `<${name}><${form}/></${name}>`;
  const instance = rest.join(' ');
  return instance === '' ? `<${name}/>` : `<${name}><instance>${escapeXml(instance)}</instance></${name}>`;
};
