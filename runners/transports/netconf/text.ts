import { escapeXml } from '../../xml.ts';

// How NETCONF messages are written.

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
