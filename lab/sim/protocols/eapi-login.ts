import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Device } from '../device.ts';
import type { Access } from './ssh.ts';

/** What a page answers. */
export type Page = { status: number; body: object | string; headers?: Record<string, string> };

const cookieOf = (request: IncomingMessage): string | undefined =>
  /(?:^|;\s*)Session=([^;]+)/.exec(request.headers.cookie ?? '')?.[1];

/** eAPI's sessions: who logged in gets a cookie, which stands in for name and password until it expires. */
export class EapiLogins {
  readonly #device: Device;
  readonly #access: Access;
  /** Cookie → when it was given, by the device's clock. */
  readonly #since = new Map<string, number>();

  constructor(device: Device, access: Access) {
    this.#device = device;
    this.#access = access;
  }

  /** How many are logged in. */
  get size(): number {
    return this.#since.size;
  }

  /** A session's cookie, or name and password as Basic authentication has them. */
  allows(request: IncomingMessage): boolean {
    const cookie = cookieOf(request);
    if (cookie !== undefined && this.#isAlive(cookie)) return true;
    const [, encoded = ''] = /^Basic (.+)$/.exec(request.headers.authorization ?? '') ?? [];
    const { user, password } = this.#access;
    return Buffer.from(encoded, 'base64').toString('utf8') === `${user}:${password}`;
  }

  #isAlive(cookie: string): boolean {
    const since = this.#since.get(cookie);
    if (since === undefined) return false;
    const { eapiSessionSeconds } = this.#device.faults;
    if (eapiSessionSeconds === 0 || this.#device.clock.now() - since < eapiSessionSeconds * 1000) return true;
    this.#since.delete(cookie);
    return false;
  }

  /** `POST /login`. */
  login(text: string): Page {
    const { username, password } = JSON.parse(text || '{}') as { username?: string; password?: string };
    if (username !== this.#access.user || password !== this.#access.password)
      return { status: 401, body: { detail: 'Unauthorized' } };
    const cookie = randomBytes(16).toString('hex');
    this.#since.set(cookie, this.#device.clock.now());
    const headers = { 'set-cookie': `Session=${cookie}; Path=/; HttpOnly; Secure` };
    return { status: 200, body: { username, authenticationEnabled: true }, headers };
  }

  /** `POST /logout`. */
  logout(request: IncomingMessage): Page {
    const cookie = cookieOf(request);
    if (cookie !== undefined) this.#since.delete(cookie);
    return { status: 200, body: { isAuthenticated: false } };
  }

  /** All are logged out, as after a restart of the agent. */
  forget(): void {
    this.#since.clear();
  }
}
