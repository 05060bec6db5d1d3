import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { explain, PlumbError } from '../../core/errors.ts';
import type { Target } from '../driver.ts';
import { tlsAgent } from './eapi-tls.ts';

/** A command, or one with the lines that it reads after itself: a banner, a certificate, the enable secret. */
export type EapiCommand = string | { cmd: string; input: string };
export type EapiFormat = 'json' | 'text';

/** The list of commands ended early: which one failed, and what the switch said about it. */
export class EapiRefusal extends Error {
  override readonly name = 'EapiRefusal';
  /** Index of the refused command. */
  readonly index: number;
  /** 1002: the command was refused; 1003: it has no JSON form; 1005: not authorised. */
  readonly code: number;
  /** Results of the commands before it. */
  readonly done: readonly unknown[];

  constructor(index: number, code: number, message: string, done: readonly unknown[]) {
    super(message);
    this.index = index;
    this.code = code;
    this.done = done;
  }
}

type Answer = {
  result?: unknown[];
  error?: { code: number; message: string; data?: ({ errors?: string[] } | null)[] };
};

const defaultTimeoutMs = 60_000;

/** Arista's eAPI: JSON-RPC over HTTP(S). Each call is a command line of its own: nothing is remembered between calls. */
export class Eapi implements AsyncDisposable {
  readonly #target: Target;
  readonly #agent: http.Agent;
  readonly #secure: boolean;
  #id = 0;

  /** Device options: `tlsCa` (path of a CA file), `tlsFingerprint` (SHA-256 of the certificate), `http: true` (a lab without TLS). */
  constructor(target: Target) {
    this.#target = target;
    this.#secure = target.device.options.http !== true;
    this.#agent = this.#secure
      ? tlsAgent(target.device, readFileSync)
      : new http.Agent({ keepAlive: true, maxSockets: 1 });
  }

  /**
   * @returns one element a command: an object, or `{output}` for text
   * @throws EapiRefusal when the switch refuses a command; PlumbError `unauthorized`, `unreachable`, `timeout`, `host_key_unknown`
   */
  async run(commands: readonly EapiCommand[], format: EapiFormat, timeoutMs = defaultTimeoutMs): Promise<unknown[]> {
    const { enable } = this.#target.credentials;
    const cmds = [enable === undefined ? 'enable' : { cmd: 'enable', input: enable }, ...commands];
    const params = { version: 1, format, cmds };
    const body = JSON.stringify({ jsonrpc: '2.0', method: 'runCmds', params, id: `plumb-${++this.#id}` });
    const answer = await this.#post(body, timeoutMs);
    if (!answer.error) return (answer.result ?? []).slice(1);
    const { code, message, data = [] } = answer.error;
    // the answer holds one element a command that ran, the last one with the complaint
    const failed = data.findIndex((element) => element?.errors !== undefined);
    const told = /^CLI command (\d+) of/.exec(message)?.[1];
    const index = (failed >= 0 ? failed : told ? Number(told) - 1 : 0) - 1;
    const said = data[failed]?.errors?.join('; ') ?? message;
    if (index < 0)
      throw this.#error('unauthorized', `refused to enable: ${said}`, 'check the enable secret and the role');
    throw new EapiRefusal(index, code, said, data.slice(1, Math.max(failed, 1)));
  }

  async #post(body: string, timeoutMs: number): Promise<Answer> {
    const { device, credentials } = this.#target;
    const { status, text } = await new Promise<{ status: number; text: string }>((resolve, reject) => {
      const request = (this.#secure ? https : http).request(
        {
          host: device.host,
          port: device.port ?? (this.#secure ? 443 : 80),
          path: '/command-api',
          method: 'POST',
          agent: this.#agent,
          auth: `${credentials.username}:${credentials.password ?? ''}`,
          headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
          signal: AbortSignal.timeout(timeoutMs),
        },
        (response) => {
          const parts: Buffer[] = [];
          response.on('data', (part: Buffer) => parts.push(part));
          response.on('error', reject);
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, text: Buffer.concat(parts).toString('utf8') }),
          );
        },
      );
      request.on('socket', (socket) => socket.setNoDelay(true));
      request.on('error', reject);
      request.end(body);
    }).catch((cause: Error) => {
      if (cause instanceof PlumbError) throw cause;
      if (cause.name === 'AbortError' || cause.name === 'TimeoutError') {
        throw this.#error(
          'timeout',
          `no answer within ${timeoutMs / 1000} s`,
          'the command may still run on the switch',
          cause,
        );
      }
      throw this.#error('unreachable', explain(cause), 'check `management api http-commands` and the port', cause);
    });
    if (status === 401 || status === 403) {
      throw this.#error('unauthorized', `answered ${status} to our user name and password`, 'check the credentials');
    }
    try {
      return JSON.parse(text) as Answer;
    } catch (cause) {
      throw this.#error('unreachable', `answered ${status}, which is not eAPI`, 'check the port and the path', cause);
    }
  }

  #error(code: 'timeout' | 'unreachable' | 'unauthorized', what: string, hint: string, cause?: unknown): PlumbError {
    return new PlumbError(code, `${this.#target.device.name}: eAPI: ${what}`, { hint, cause });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#agent.destroy();
  }
}
