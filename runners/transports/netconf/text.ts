import { PlumbError } from '../../../core/errors.ts';
import { notUtf8 } from '../../../core/text/utf8.ts';
import { escapeXml } from '../../xml.ts';

// How NETCONF messages are written: in UTF-8 (RFC 6241, 3).

export const baseNamespace = 'urn:ietf:params:xml:ns:netconf:base:1.0';
export const base10 = 'urn:ietf:params:netconf:base:1.0';
export const base11 = 'urn:ietf:params:netconf:base:1.1';

/** What both sides say first. Offering base:1.1 is also what makes `persist` and chunked framing possible. */
export const hello = (): string =>
  `<?xml version="1.0" encoding="UTF-8"?><hello xmlns="${baseNamespace}"><capabilities>` +
  `<capability>${base10}</capability><capability>${base11}</capability></capabilities></hello>`;

/** One request around its operation. */
export const rpcText = (id: string, operation: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?><rpc xmlns="${baseNamespace}" message-id="${escapeXml(id)}">${operation}</rpc>`;

/** What a request asks for, as a message names it. */
export const nameOf = (operation: string): string => /<([\w:-]+)/.exec(operation)?.[1] ?? 'rpc';

/** Why a message cannot be read as it was meant, where it is in another encoding: no other character stands for its bytes. */
export const refusalOfBytes = (bytes: Uint8Array, what: string): PlumbError | undefined => {
  const found = notUtf8(bytes);
  if (!found) return undefined;
  const byte = `0x${found.byte.toString(16).padStart(2, '0')}`;
  return new PlumbError('unsupported', `${what} is not valid UTF-8: ${byte} in line ${found.line}`, {
    hint: 'the device holds text in another encoding, such as a description in Latin-1: write it there in UTF-8',
  });
};
