import { PlumbError } from '../../../core/errors.ts';
import { child, children, descendants, textOf, type XmlElement } from '../../xml.ts';
import { baseNamespace } from './text.ts';

/** One `<rpc-error>`, RFC 6241 appendix A, with what Junos adds. */
type RpcError = {
  severity: string;
  tag: string;
  appTag: string;
  path: string;
  message: string;
  badElement: string;
  /** Who holds the lock: a session id, 0 for something that is not NETCONF. */
  sessionId: string | undefined;
  /** Who is editing, as Junos tells where it refuses a lock: `bob on p0`. */
  users: readonly string[];
  /** Line of the loaded text, as Junos tells it. */
  line: number | undefined;
};

const read = (element: XmlElement): RpcError => {
  const info = child(element, 'error-info');
  const line = textOf(element, 'line-number') ?? textOf(info, 'line-number');
  return {
    severity: textOf(element, 'error-severity') ?? 'error',
    tag: textOf(element, 'error-tag') ?? '',
    appTag: textOf(element, 'error-app-tag') ?? '',
    path: textOf(element, 'error-path') ?? '',
    message: (textOf(element, 'error-message') ?? '').replace(/(?<!\s)\s*\n\s*/g, ' '),
    badElement: (textOf(info, 'bad-element') ?? textOf(element, 'token') ?? '').replace(/^.*:/, ''),
    sessionId: textOf(info, 'session-id'),
    users: descendants(element, 'database-status').map((each) =>
      [textOf(each, 'user') ?? 'someone', textOf(each, 'terminal')].filter(Boolean).join(' on '),
    ),
    line: line === undefined || !/^\d+$/.test(line) ? undefined : Number(line),
  };
};

/** What a device stores may hold elements of that name too, such as a log: data tells of no error. */
const isData = ({ name, ns }: XmlElement, reply: XmlElement) => name === 'data' && ns === reply.ns;

/** The errors of a reply, warnings left out: Junos puts them into `<load-configuration-results>` and deeper. */
export const rpcErrors = (reply: XmlElement): RpcError[] =>
  reply.children
    .filter((each) => !isData(each, reply))
    .flatMap((each) => descendants(each, 'rpc-error'))
    .map(read)
    .filter(({ severity }) => severity !== 'warning');

/** What the operations of RFC 6241 answer when all went well; others, such as those of Junos, answer as they like. */
const answers: Readonly<Record<string, 'ok' | 'data'>> = {
  get: 'data',
  'get-config': 'data',
  'edit-config': 'ok',
  'copy-config': 'ok',
  'delete-config': 'ok',
  lock: 'ok',
  unlock: 'ok',
  commit: 'ok',
  'cancel-commit': 'ok',
  'discard-changes': 'ok',
  validate: 'ok',
};

/**
 * Why a reply without an error does not say that the operation was done: it lacks `<ok/>`, or what was asked for.
 * Undefined where it does; a warning stands in the place of `<ok/>` (RFC 6241, 4.4).
 */
export const whyNoAnswer = (reply: XmlElement, operation: string): string | undefined => {
  const [, name = '', more = ''] = /^\s*<([\w-]+)([^>]*)>/.exec(operation) ?? [];
  const due = more.includes('xmlns') ? undefined : answers[name];
  if (due === undefined || child(reply, due, reply.ns)) return undefined;
  if (due === 'ok' && children(reply, 'rpc-error', reply.ns).length > 0) return undefined;
  return `the reply to <${name}> has neither <${due}${due === 'ok' ? '/' : ''}> nor an error`;
};

/** What the device said, one line. */
export const describeRpcError = ({ message, tag, path, badElement }: RpcError): string =>
  [message || tag, path && `at ${path}`, badElement && `(${badElement})`].filter(Boolean).join(' ');

/** @throws PlumbError `closed` for a reply that is none of NETCONF's, and for an error without one: whose it is, nobody knows */
export const refuseForeign = (root: XmlElement): void => {
  const { name, ns } = root;
  if (name === 'rpc-error')
    throw new PlumbError('closed', `<rpc-error> without a reply: ${describeRpcError(read(root))}`);
  if (name !== 'rpc-reply' || ns === '' || ns === baseNamespace) return;
  throw new PlumbError('closed', `<${name}> in the namespace ${JSON.stringify(ns)}, which is not NETCONF's`);
};

/** A request that the device refused. Where nobody knows better, that is how the work ends: `rejected`. */
export class RpcRefusal extends PlumbError {
  readonly errors: readonly RpcError[];
  readonly first: RpcError;
  /** What the device said, without its name. */
  readonly said: string;

  constructor(device: string, operation: string, errors: readonly RpcError[], first: RpcError) {
    const said = errors.map(describeRpcError).join('; ');
    super('rejected', `${device}: <${operation}>: ${said}`);
    this.said = said;
    this.errors = errors;
    this.first = first;
  }
}

/** The session id and capabilities of a hello; undefined when it is none. */
export const readHello = (element: XmlElement): { sessionId: string; capabilities: string[] } | undefined => {
  if (element.name !== 'hello') return undefined;
  const capabilities = children(child(element, 'capabilities'), 'capability').map(({ text }) => text.trim());
  return { sessionId: textOf(element, 'session-id') ?? '', capabilities };
};
