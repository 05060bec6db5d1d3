import http from 'node:http';
import https from 'node:https';
import { type NetConnectOpts, connect as netConnect } from 'node:net';
import { limits } from '../../../core/bus.ts';
import { explain, PlumbError } from '../../../core/errors.ts';
import { said } from '../../dialogue/one-line.ts';
import { afterReading } from '../../dialogue/reading/after-reading.ts';
import type { Target } from '../../driver.ts';
import { resetOn } from '../tcp.ts';
import { tlsAgent } from './tls.ts';

type Answer = { status: number; text: string; cookies: readonly string[] };

/** How a request shows who asks: the cookie of a login, or name and password each time where there is no login. */
type Pass = { cookie: string } | { auth: string };

/** What Node and OpenSSL say of a connection that broke, without the addresses of their own code. */
const inShort = (cause: unknown): string => {
  const { reason, code } = cause as { reason?: unknown; code?: unknown };
  if (typeof code === 'string' && code.startsWith('HPE_')) return `answered what is not HTTP: ${said(explain(cause))}`;
  return typeof reason === 'string' ? `the TLS connection broke: ${reason}` : said(explain(cause));
};

const wrongPort = 'check the port, and `show management api http-commands`';
const logoutMs = 2_000;

const plainAgent = ({ lost }: Target): http.Agent => {
  const connect = (options: NetConnectOpts) => {
    const socket = netConnect(options);
    resetOn(socket, lost);
    return socket;
  };
  return Object.assign(new http.Agent({ keepAlive: true, maxSockets: 1 }), { createConnection: connect });
};

/** HTTP(S) to a switch: logs in once, keeps the connection and the session's cookie, logs out when disposed. */
export class EapiHttp implements AsyncDisposable {
  readonly #target: Target;
  readonly #closing = new AbortController();
  readonly #agent: http.Agent;
  readonly #secure: boolean;
  #entered: Promise<Pass> | undefined;

  /** Device options: `tlsFingerprint`, `tlsCa`, `tlsLegacy`, and `http: true` (a lab without TLS). */
  constructor(target: Target) {
    this.#target = target;
    this.#secure = target.device.options.http !== true;
    this.#agent = this.#secure ? tlsAgent(target, this.#closing.signal) : plainAgent(target);
  }

  /**
   * Posts to `/command-api`. A session that the switch has forgotten is renewed once.
   *
   * @throws PlumbError `unauthorized`, `unreachable`, `timeout`, `host_key_unknown`, `host_key_changed`
   */
  async call(body: string, timeoutMs: number, signal?: AbortSignal): Promise<{ status: number; text: string }> {
    const pass = await this.#enter(timeoutMs, signal);
    const first = await this.#post('/command-api', body, pass, timeoutMs, signal);
    if (first.status !== 401 || 'auth' in pass) return this.#letIn(first);
    this.#entered = undefined;
    const anew = await this.#enter(timeoutMs, signal);
    return this.#letIn(await this.#post('/command-api', body, anew, timeoutMs, signal));
  }

  #letIn(answer: Answer): Answer {
    const { status } = answer;
    if (status !== 401 && status !== 403) return answer;
    const { device, credentials } = this.#target;
    throw this.#error('unauthorized', `answered ${status} to ${credentials.username}`, {
      hint: `check the user and the password of ${device.name} in the inventory, and its role on the switch`,
    });
  }

  #enter(timeoutMs: number, signal?: AbortSignal): Promise<Pass> {
    this.#entered ??= this.#logIn(timeoutMs, signal).catch((error: unknown) => {
      this.#entered = undefined;
      throw error;
    });
    return this.#entered;
  }

  async #logIn(timeoutMs: number, signal?: AbortSignal): Promise<Pass> {
    const { username, password = '' } = this.#target.credentials;
    const answer = await this.#post('/login', JSON.stringify({ username, password }), {}, timeoutMs, signal);
    const { status, cookies } = this.#letIn(answer);
    const cookie = cookies.map((line) => /^Session=[^;]+/.exec(line)?.[0]).find(Boolean);
    if (status < 300 && cookie) return { cookie };
    // no such page, or one that gives no session: as in older releases, name and password go with each request
    if (status < 300 || [404, 405, 501].includes(status)) return { auth: `${username}:${password}` };
    throw this.#error('unreachable', `answered ${status} to the login, which is not eAPI`, {
      hint: wrongPort,
    });
  }

  async #post(
    path: string,
    body: string,
    pass: Partial<{ cookie: string; auth: string }>,
    timeoutMs: number,
    signal?: AbortSignal,
  ): Promise<Answer> {
    const { device } = this.#target;
    // listeners that are taken away again, since both signals outlive thousands of requests
    const ends = [this.#closing.signal, ...(signal ? [signal] : [])];
    let late = false;
    let abort = (_reason: unknown): void => {};
    const onAbort = () => abort(ends.find(({ aborted }) => aborted)?.reason);
    for (const end of ends) end.addEventListener('abort', onAbort);
    const rest = afterReading(timeoutMs, () => {
      late = true;
      abort(new Error('no answer'));
    });
    try {
      for (const end of ends) end.throwIfAborted();
      return await new Promise<Answer>((resolve, reject) => {
        const request = (this.#secure ? https : http).request({
          host: device.host,
          port: device.port ?? (this.#secure ? 443 : 80),
          path,
          method: 'POST',
          agent: this.#agent,
          ...(pass.auth === undefined ? {} : { auth: pass.auth }),
          headers: {
            'content-type': 'application/json',
            'content-length': Buffer.byteLength(body),
            ...(pass.cookie === undefined ? {} : { cookie: pass.cookie }),
          },
        });
        abort = (reason) => {
          reject(reason); // not left to the request: one that has no connection yet would stay silent
          request.destroy();
        };
        request.on('socket', (socket) => socket.setNoDelay(true));
        request.on('error', reject);
        request.on('response', (response) => {
          const parts: Buffer[] = [];
          let bytes = 0;
          response.on('data', (part: Buffer) => {
            bytes += part.length;
            if (bytes > limits.printedBytes) abort(this.#tooMuch(path));
            else parts.push(part);
          });
          response.on('error', reject);
          response.on('end', () => {
            const text = Buffer.concat(parts).toString('utf8');
            resolve({ status: response.statusCode ?? 0, text, cookies: response.headers['set-cookie'] ?? [] });
          });
        });
        request.end(body);
      });
    } catch (cause) {
      if (cause instanceof PlumbError) throw cause;
      signal?.throwIfAborted();
      if (late)
        throw this.#error('timeout', `no answer within ${timeoutMs / 1000} s`, {
          hint: 'the command may still run on the switch',
          cause,
        });
      throw this.#error('unreachable', inShort(cause), {
        hint: 'check `management api http-commands` and the port',
        cause,
      });
    } finally {
      rest();
      for (const end of ends) end.removeEventListener('abort', onAbort);
    }
  }

  /** The connection ends with it, and the session does not: the next request makes a new one. */
  #tooMuch(path: string): PlumbError {
    const what = `answered more than ${limits.printedBytes} bytes`;
    if (path === '/login') return this.#error('unreachable', what, { hint: wrongPort });
    return this.#error('rejected', what, { hint: 'ask for less, such as one section or one VRF' });
  }

  #error(
    code: 'timeout' | 'unreachable' | 'unauthorized' | 'rejected',
    what: string,
    options: { hint: string; cause?: unknown },
  ): PlumbError {
    return new PlumbError(code, `${this.#target.device.name}: eAPI: ${what}`, options);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const pass = await this.#entered?.catch(() => undefined);
    if (pass && 'cookie' in pass && !this.#target.lost?.aborted)
      await this.#post('/logout', '{}', pass, logoutMs, this.#closing.signal).catch(() => {});
    this.#closing.abort(new Error('closed by us'));
    this.#agent.destroy();
  }
}
