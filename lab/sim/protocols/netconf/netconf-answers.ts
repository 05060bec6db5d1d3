import { type Element, escapeXml, parseXml } from './xml.ts';

/** The base capabilities of a server with a candidate. */
export const baseCapabilities = [
  'urn:ietf:params:netconf:base:1.0',
  'urn:ietf:params:netconf:base:1.1',
  'urn:ietf:params:netconf:capability:candidate:1.0',
  'urn:ietf:params:netconf:capability:confirmed-commit:1.1',
  'urn:ietf:params:netconf:capability:validate:1.1',
  'urn:ietf:params:netconf:capability:rollback-on-error:1.0',
] as const;

/** An `<rpc-error>`. */
export const rpcError = (
  tag: string,
  message: string,
  options: { type?: string; severity?: string; info?: string; path?: string } = {},
): string =>
  `<rpc-error><error-type>${options.type ?? 'application'}</error-type><error-tag>${tag}</error-tag><error-severity>${options.severity ?? 'error'}</error-severity>${options.path === undefined ? '' : `<error-path>${options.path}</error-path>`}<error-message xml:lang="en">${escapeXml(message)}</error-message>${options.info === undefined ? '' : `<error-info>${options.info}</error-info>`}</rpc-error>`;

/** Someone else has the lock; session 0 is not a NETCONF session. */
export const lockDenied = (
  session: number,
  message = 'Access to the requested lock is denied because the lock is currently held by another entity',
  more = '',
): string => rpcError('lock-denied', message, { type: 'protocol', info: `<session-id>${session}</session-id>${more}` });

/** The operation did what it was asked. */
export const ok = '<ok/>';

/** What a request asks for; or, where it cannot be read, the answer to it. */
export const operationOf = (request: string): Element | string => {
  try {
    const [operation] = parseXml(request).children;
    return operation ?? rpcError('missing-element', 'no operation', { type: 'rpc' });
  } catch (error) {
    return rpcError('malformed-message', (error as Error).message, { type: 'rpc' });
  }
};
