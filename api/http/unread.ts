import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { App } from '../app.ts';
import { HttpProblem, toProblem } from './problem.ts';

/** What Node could not read, by its parser's word. */
const causes: Readonly<Record<string, [code: HttpProblem['code'], what: string]>> = {
  HPE_HEADER_OVERFLOW: ['header_too_large', 'request line and headers are larger than 16 KiB'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: ['too_large', 'the extensions of a chunk are larger than 16 KiB'],
  HPE_INVALID_VERSION: ['unknown_version', 'only HTTP/1.1 and HTTP/1.0 are supported'],
  ERR_HTTP_REQUEST_TIMEOUT: ['request_timeout', 'the request did not arrive in time'],
};

/** The request line, which nobody has read then; of what came last, so it may be none. */
const lineIn = (packet: unknown): RegExpExecArray | null =>
  /^([!-~]{1,40}) (\/[!-~]*) (?:HTTP\/)?/.exec(Buffer.isBuffer(packet) ? packet.toString('latin1', 0, 2_000) : '');

/** Connections whose answer is being read: closed at once, it might be lost; kept for long, or many, they take our files. */
const lingering = new Set<Duplex>();
const lingerMs = 1_000;
const mostLingering = 50;

const hangUpSoon = (socket: Duplex): void => {
  const over = setTimeout(() => socket.destroy(), lingerMs);
  socket.once('close', () => {
    clearTimeout(over);
    lingering.delete(socket);
  });
  lingering.add(socket.resume());
  const [first] = lingering;
  if (!first || lingering.size <= mostLingering) return;
  lingering.delete(first);
  first.destroy();
};

const answer = (socket: Duplex, problem: HttpProblem, url: string): void => {
  const document = toProblem(problem, url);
  const body = JSON.stringify(document);
  const headers = {
    'content-type': 'application/problem+json',
    'content-length': String(Buffer.byteLength(body)),
    'cache-control': 'no-store',
    connection: 'close',
    ...problem.headers,
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${document.status} ${STATUS_CODES[document.status]}\r\n${lines.join('')}\r\n${body}`);
  hangUpSoon(socket);
};

/** Answers what is no request that a route could be given, and hangs up: no one knows where the next would begin. */
export const answerUnread = ({ code, rawPacket }: { code: string; rawPacket?: unknown }, socket: Duplex): void => {
  const answering = (socket as { _httpMessage?: { _headerSent?: boolean } })._httpMessage; // Node's own handler asks, too
  if (!socket.writable || answering?._headerSent) {
    socket.destroy();
    return;
  }
  const [line, method, path = ''] = lineIn(rawPacket) ?? [];
  const other: (typeof causes)[string] =
    code === 'HPE_INVALID_METHOD' && line?.endsWith('HTTP/')
      ? ['unknown_method', `${method} is not an HTTP method`]
      : ['invalid_request', 'this is not an HTTP/1.1 request'];
  const [known, what] = causes[code] ?? other;
  answer(socket, new HttpProblem(known, what, line ? {} : { hint: 'the API speaks plain HTTP, not HTTPS' }), path);
};

/** What Node answers by itself, and without a word: no Host, an expectation that nobody meets, CONNECT. */
export const answerForNode = (app: App, server: Server): void => {
  app.addHook('onRequest', async ({ raw }: { raw: IncomingMessage }) => {
    if (raw.httpVersion === '1.1' && raw.headers.host === undefined)
      throw new HttpProblem('invalid_request', 'an HTTP/1.1 request needs a Host header');
    if (raw.headers.expect !== undefined && !/^100-continue$/i.test(raw.headers.expect))
      throw new HttpProblem('unmet_expectation', 'only Expect: 100-continue is supported');
  });
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
  server.on('connect', ({ url = '' }, socket) =>
    answer(socket, new HttpProblem('method_not_allowed', 'the API is not a proxy: it does not accept CONNECT'), url),
  );
};
