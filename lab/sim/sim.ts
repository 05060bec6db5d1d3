import { createServer, type Server, type Socket } from 'node:net';
import { PlumbError } from '../../core/errors.ts';
import { type Commit, Device, type Trial } from './device.ts';
import type { FaultPlan, Faults } from './faults.ts';
import type { Box, Platform } from './platform.ts';
import { type PlatformName, platforms } from './platforms.ts';
import { selfSigned } from './protocols/certificate.ts';
import { eapiServer } from './protocols/eapi.ts';
import type { EapiLogins } from './protocols/eapi-login.ts';
import { type Access, newHostKey, publicKey, serveSsh } from './protocols/ssh.ts';
import { serveTelnet } from './protocols/telnet.ts';

/** The services of a device; a port of 0 takes any. */
export type Ports = { ssh?: number; eapi?: number; netconf?: number; telnet?: number };

/** What to simulate. */
export type SimOptions = {
  /** One of ours by its name, or any other. */
  platform: PlatformName | { name: string; make: Platform };
  /** The configuration that it boots with. */
  config: string;
  /** Address to listen on; the loopback when left out. */
  listen?: string;
  ports?: Ports;
  user?: string;
  password?: string | undefined;
  /** What `enable` asks for; where the configuration has an enable secret, the password. */
  enablePassword?: string | undefined;
  authMethods?: Access['methods'];
  /** Public keys that the user may log in with, as lines of authorized_keys. */
  authorizedKeys?: readonly string[];
  /** An OpenSSH private key; made anew when left out. */
  hostKey?: string;
  faults?: Partial<Faults>;
  /** Seconds of the device in one real second: shortens commit timers in tests. */
  timeScale?: number;
};

const listenOn = (server: Server, port: number, host: string): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });

/** A simulated device that is running. */
export class Sim implements AsyncDisposable {
  readonly device: Device;
  readonly box: Box;
  readonly platform: string;
  readonly host: string;
  readonly user: string;
  readonly ports: Ports = {};
  /** Key and certificate of eAPI, in PEM. */
  tls: { key: string; cert: string };
  readonly #access: Access;
  readonly #servers: Server[] = [];
  readonly #eapi: ReturnType<typeof eapiServer>;
  #hostKey: string;
  #down = false;

  constructor(options: SimOptions) {
    const { user = 'admin', password = 'admin' } = options;
    const { platform } = options;
    const { name, make } = typeof platform === 'string' ? { name: platform, make: platforms[platform] } : platform;
    this.platform = name;
    this.user = user;
    this.host = options.listen ?? '127.0.0.1';
    this.device = new Device({ faults: options.faults, timeScale: options.timeScale });
    this.box = make(this.device, {
      config: options.config,
      user,
      password,
      enablePassword: options.enablePassword ?? '',
    });
    this.device.plug();
    const methods = options.authMethods ?? ['password', 'keyboard-interactive'];
    this.#access = { user, password, methods, keys: options.authorizedKeys ?? [] };
    this.#hostKey = options.hostKey ?? newHostKey();
    this.tls = selfSigned('device');
    this.#eapi = eapiServer(this.device, this.box, this.#access, this.tls);
  }

  /** The running configuration as the device shows it. */
  get running(): string {
    return this.box.text('running');
  }

  get startup(): string {
    return this.box.text('startup');
  }

  /** The commit that waits for its confirmation, if one does. */
  get trial(): Trial | undefined {
    return this.device.trial;
  }

  get history(): readonly Commit[] {
    return this.device.history;
  }

  /** Candidates, configuration sessions and locks. */
  get sessions(): string[] {
    return this.box.sessions();
  }

  get faults(): FaultPlan {
    return this.device.plan;
  }

  /** The host key as known_hosts has it. */
  get hostKey(): string {
    return publicKey(this.#hostKey);
  }

  /** Gives the device another host key, as a replaced router has. */
  changeHostKey(): void {
    this.#hostKey = newHostKey();
  }

  /** Gives eAPI another certificate, from the next connection on. */
  changeCertificate(): void {
    this.tls = selfSigned('device');
    this.#eapi.server.setSecureContext(this.tls);
  }

  /** Who is logged in to eAPI. */
  get eapiLogins(): EapiLogins {
    return this.#eapi.logins;
  }

  /** Restarts the device: connections break, what was not saved is lost. @param downMs how long it does not answer */
  reboot(downMs = 0): void {
    this.#down = downMs > 0;
    this.device.disconnect();
    this.box.reboot();
    this.device.bootedAt = this.device.clock.now();
    if (this.#down)
      this.device.clock.after(downMs, () => {
        this.#down = false;
      });
  }

  /** Opens the ports. @throws PlumbError for a service that the platform does not have */
  async start(wanted: Ports): Promise<void> {
    for (const service of ['eapi', 'netconf'] as const)
      if (wanted[service] !== undefined && !this.box[service])
        throw new PlumbError('invalid_request', `a simulated ${this.platform} does not speak ${service}`, {
          hint: `Leave --${service} out; docs/sim.md lists the services of each platform.`,
        });
    const ssh = (socket: Socket, shells: boolean) =>
      serveSsh(socket, this.device, this.box, { hostKey: this.#hostKey, access: this.#access, shells });
    const services: Record<keyof Ports, (socket: Socket) => void> = {
      ssh: (socket) => ssh(socket, true),
      netconf: (socket) => ssh(socket, false),
      telnet: (socket) => void serveTelnet(socket, this.device, this.box, this.#access),
      eapi: this.#eapi.accept,
    };
    for (const [name, serve] of Object.entries(services) as [keyof Ports, (socket: Socket) => void][]) {
      const port = wanted[name];
      if (port === undefined) continue;
      const server = createServer((socket) => {
        socket.on('error', () => {});
        if (this.#down) socket.resetAndDestroy();
        else serve(socket);
      });
      this.#servers.push(server);
      this.ports[name] = await listenOn(server, port, this.host);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.device.clock.stop();
    this.device.disconnect();
    await Promise.all(this.#servers.map((server) => new Promise((resolve) => server.close(resolve))));
  }
}

/** Starts a simulated device. SSH on any port when no ports are named. */
export const startSim = async (options: SimOptions): Promise<Sim> => {
  const sim = new Sim(options);
  try {
    await sim.start(options.ports ?? { ssh: 0 });
  } catch (error) {
    await sim[Symbol.asyncDispose]();
    throw error;
  }
  return sim;
};
