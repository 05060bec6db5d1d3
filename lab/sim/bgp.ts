import { carrierOf, localAddress } from './config/interfaces.ts';
import type { Device } from './device.ts';

/** A session as the configuration asks for it. */
export type PeerConfig = {
  vrf: string;
  address: string;
  remoteAs: string;
  localAs: string;
  routerId: string;
  description: string;
  group: string;
  shutdown: boolean;
  /** What its packets leave with: an interface or an address; '' where nothing is said. */
  source: string;
  families: readonly ('ipv4' | 'ipv6' | 'evpn' | 'vpnv4')[];
  keepalive: number;
  hold: number;
};

/** A session as it is. Times in milliseconds of the device, -1: never. */
export type Peer = PeerConfig & {
  state: 'Established' | 'Idle' | 'Active';
  /** Our address of the session, or that it would have. */
  local: string;
  since: number;
  received: number;
  sent: number;
  keepalives: number;
  prefixes: number;
  advertised: number;
  flaps: number;
  established: number;
  lastError: string;
};

type Fate = { down?: 'Idle' | 'Active'; dead?: boolean; prefixes?: number; sent?: number };

type Live = {
  signature: string;
  since: number;
  upAt: number;
  flaps: number;
  error: string;
  fate: Fate;
  deadAt: number;
};

/** How long a session takes to come up, in milliseconds. */
const convergence = 1500;

const digest = (text: string): number =>
  [...text].reduce((sum, char) => (sum * 31 + (char.codePointAt(0) ?? 0)) % 9973, 7);

/** The BGP sessions of a device: what the configuration asks for comes up, unless it is told otherwise. */
export class BgpTable {
  readonly #device: Device;
  readonly #configured: () => PeerConfig[];
  readonly #live = new Map<string, Live>();

  constructor(device: Device, configured: () => PeerConfig[]) {
    this.#device = device;
    this.#configured = configured;
    this.refresh(device.bootedAt);
  }

  /** Follows a change of the configuration: new sessions come up, changed ones are reset. */
  refresh(now = this.#device.clock.now()): void {
    const seen = new Set<string>();
    for (const peer of this.#configured()) {
      const key = `${peer.vrf} ${peer.address}`;
      seen.add(key);
      const signature = [peer.remoteAs, peer.localAs, peer.shutdown].join(' ');
      const live = this.#live.get(key);
      if (!live)
        this.#live.set(key, {
          signature,
          since: now,
          upAt: now + convergence,
          flaps: 0,
          error: '',
          fate: {},
          deadAt: 0,
        });
      else if (live.signature !== signature) {
        this.#reset(live, now, 'Cease/Connection Rejected');
        live.signature = signature;
      }
    }
    for (const key of this.#live.keys()) if (!seen.has(key)) this.#live.delete(key);
  }

  /** Tells a session's fate: down, Established but dead, a number of prefixes. `up`: as it should be. */
  set(
    address: string,
    change: { vrf?: string; state?: string; dead?: boolean; prefixes?: number; sent?: number },
  ): number {
    const now = this.#device.clock.now();
    let hit = 0;
    for (const [key, live] of this.#live) {
      const [vrf = '', peer = ''] = key.split(' ');
      if ((address !== '*' && peer !== address) || (change.vrf !== undefined && vrf !== change.vrf)) continue;
      hit++;
      if (change.prefixes !== undefined) live.fate.prefixes = change.prefixes;
      if (change.sent !== undefined) live.fate.sent = change.sent;
      if (change.dead !== undefined) {
        live.fate.dead = change.dead;
        live.deadAt = now;
      }
      if (change.state === 'Idle' || change.state === 'Active') {
        live.fate.down = change.state;
        this.#reset(live, now, 'Hold Timer Expired');
      } else if (change.state !== undefined) {
        delete live.fate.down;
        live.upAt = now;
      }
    }
    return hit;
  }

  /** Every session as it is now. */
  peers(): Peer[] {
    const now = this.#device.clock.now();
    const interfaces = this.#device.interfaces();
    return this.#configured().map((peer) => {
      const live = this.#live.get(`${peer.vrf} ${peer.address}`);
      const healthy = live !== undefined && !peer.shutdown && live.fate.down === undefined && now >= live.upAt;
      const up = healthy && carrierOf(interfaces, peer)?.up !== false;
      const expired = up && live.fate.dead === true && now > live.deadAt + peer.hold * 1000;
      const counted = live?.fate.dead ? live.deadAt : now;
      const keepalives = up ? Math.floor(Math.max(0, counted - live.upAt) / (peer.keepalive * 1000)) + 1 : 0;
      const prefixes = live?.fate.prefixes ?? 3 + (digest(peer.address) % 12);
      const established = up && !expired;
      return {
        ...peer,
        local: localAddress(interfaces, peer),
        state: established ? 'Established' : peer.shutdown ? 'Idle' : (live?.fate.down ?? 'Active'),
        since: established ? live.upAt : (live?.since ?? now),
        received: keepalives + prefixes + 2,
        sent: keepalives + 4,
        keepalives,
        prefixes: established ? prefixes : 0,
        advertised: established ? (live?.fate.sent ?? 4) : 0,
        flaps: live?.flaps ?? 0,
        established: up ? 1 + (live?.flaps ?? 0) : (live?.flaps ?? 0),
        lastError: live?.error ?? '',
      };
    });
  }

  /** Everything starts anew after a boot. */
  reboot(): void {
    this.#live.clear();
    this.refresh();
  }

  #reset(live: Live, now: number, error: string): void {
    live.since = now;
    live.upAt = now + convergence;
    live.flaps++;
    live.error = error;
  }
}
