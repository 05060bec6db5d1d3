import { named } from '../../core/by-name.ts';

/** What goes wrong. Every field may be given at the start and changed while the device runs. */
export type Faults = {
  /** Round-trip time of the link, in milliseconds. */
  rttMs: number;
  /** Bytes per second of the link, each way; 0: no limit. */
  bytesPerSecond: number;
  /** Cuts the connection at the step (a command, a request) of that number from now on, or at one that matches. */
  drop?: { step?: number; match?: string; when?: 'before' | 'after' };
  /** Refuses the n-th configuration line from now on, or the lines and commands that match. */
  refuse?: { line?: number; match?: string };
  /** Commits fail with this text. */
  failCommit?: string;
  /** A line that matches is taken when it is typed or loaded, and refused by the commit. */
  refuseCommit?: { match: string; says?: string };
  /** Nothing can be written to flash. */
  fullFlash: boolean;
  /** Connections stay open but nothing goes through any more. */
  halfOpen: boolean;
  /** A line that looks like a prompt in the output of commands that match. */
  lookalike?: { match: string };
  /** The output of commands that match ends half-way, in a line, as where the process that prints it dies. */
  cut?: { match: string };
  /** The wire stops for that long behind a line of output that matches, before its line end. */
  stall?: { match: string; ms: number };
  /** eAPI and NETCONF: the user may not use the commands or operations that match. */
  deny?: { match: string };
  /** eAPI: a login is forgotten after that many seconds; 0: never. */
  eapiSessionSeconds: number;
  /** eAPI: there is no `/login`, as in old releases. */
  eapiNoLogin: boolean;
  /** Commands that match take that long, in milliseconds by the device's time. */
  slow?: { match: string; ms: number };
  /** What BGP learned does not come into the routing table. */
  ribFilter: boolean;
  /** Interfaces that match have no carrier: they, their sessions and their neighbours are down. */
  linkDown?: { match: string };
  /** `lldp`, `ospf` or `isis` and an interface, as `ospf Ethernet1`: nobody is heard any more. */
  neighborLost?: { match: string };
  /** How long a commit takes, in milliseconds by the device's time. */
  commitMs: number;
  /** How long after its time a trial's undo begins, in milliseconds by the device's time. */
  undoLateMs: number;
};

/** A healthy device on a short wire. */
const noFaults = (): Faults => ({
  rttMs: 0,
  bytesPerSecond: 0,
  fullFlash: false,
  halfOpen: false,
  ribFilter: false,
  eapiSessionSeconds: 0,
  eapiNoLogin: false,
  commitMs: 0,
  undoLateMs: 0,
});

/** What a fault is set to: any other kind of value would do nothing, silently. */
export const faultKinds: Record<keyof Faults, 'number' | 'object' | 'boolean' | 'string'> = {
  rttMs: 'number',
  bytesPerSecond: 'number',
  drop: 'object',
  refuse: 'object',
  failCommit: 'string',
  refuseCommit: 'object',
  fullFlash: 'boolean',
  halfOpen: 'boolean',
  ribFilter: 'boolean',
  linkDown: 'object',
  neighborLost: 'object',
  lookalike: 'object',
  cut: 'object',
  stall: 'object',
  deny: 'object',
  slow: 'object',
  eapiSessionSeconds: 'number',
  eapiNoLogin: 'boolean',
  commitMs: 'number',
  undoLateMs: 'number',
};

/** Counts steps and configuration lines and says when a fault strikes. */
export class FaultPlan {
  faults: Faults;
  #steps = 0;
  #lines = 0;

  constructor(faults: Partial<Faults> = {}) {
    this.faults = { ...noFaults(), ...faults };
  }

  /** Changes some faults; what is `null` is mended. Counting starts anew. @throws Error for a value of the wrong kind */
  set(change: { [Key in keyof Faults]?: Faults[Key] | null }): void {
    const healthy = noFaults();
    for (const [key, fault] of Object.entries(change)) {
      const kind = named<string>(faultKinds, key);
      if (kind === undefined || (fault !== null && typeof fault !== kind))
        throw new Error(kind === undefined ? `there is no fault ${key}` : `${key} takes a JSON ${kind}`);
      const rest: Record<string, unknown> = { ...this.faults };
      delete rest[key];
      const next = fault ?? (healthy as Record<string, unknown>)[key];
      this.faults = { ...noFaults(), ...rest, ...(next === undefined ? {} : { [key]: next }) };
      if (key === 'drop') this.#steps = 0;
      if (key === 'refuse') this.#lines = 0;
    }
  }

  /** Counts a step. @returns whether the connection is cut before or after it */
  step(command: string): 'before' | 'after' | undefined {
    this.#steps++;
    const { drop } = this.faults;
    if (!drop) return undefined;
    const hit = drop.match !== undefined ? new RegExp(drop.match).test(command) : drop.step === this.#steps;
    return hit ? (drop.when ?? 'before') : undefined;
  }

  /** Whether a command is one that `refuse` matches: this system does not know it, as an older one would not. */
  unknown(command: string): boolean {
    const match = this.faults.refuse?.match;
    return match !== undefined && new RegExp(match).test(command);
  }

  /** Counts a configuration line. @returns true when the device must refuse it */
  refuses(line: string): boolean {
    this.#lines++;
    const { refuse } = this.faults;
    if (!refuse) return false;
    return refuse.match !== undefined ? new RegExp(refuse.match).test(line) : refuse.line === this.#lines;
  }
}
