import { escapeXml } from '../../../xml.ts';

/** The RPC of a request, as it goes into `<rpc>`: `get-bgp-neighbor-information RED` asks for the instance RED. */
export const rpcOf = (request: string): string => {
  const [, database] = /^get_config__database_(\w+?)__format_text$/.exec(request) ?? [];
  if (database !== undefined) return `<get-configuration database="${database}" format="text"/>`;
  const [name = '', ...rest] = request.split(' ');
  if (name === 'get-interface-information') return `<${name}><terse/></${name}>`;
  const instance = rest.join(' ');
  return instance === '' ? `<${name}/>` : `<${name}><instance>${escapeXml(instance)}</instance></${name}>`;
};
