import type { Mode } from '../core/bus.ts';
import type { Credentials } from '../core/config/credentials.ts';
import type { Checks, Device } from '../core/inventory/schema.ts';
import type { Platform } from '../core/platform-names.ts';
import type { PlatformSecrets } from '../core/redact/statements.ts';
import type { Getter, Parsers } from './getters/getter.ts';
import type { ReadOnly } from './session/read-only.ts';
import type { Bgp, BgpDetail, ClockReading, Facts, InterfacesIp, Vitals } from './shapes.ts';

/** A platform. */
export type Driver = {
  platform: Platform;
  capabilities: Capabilities;
  /** The commands that only read; left out: `show` and `display`. */
  readOnly?: ReadOnly;
  /** Where its configuration holds secrets: they are masked in every text, and refused where they would be stored otherwise. */
  secrets?: PlatformSecrets;
  /** What it tells of its health, asked by the session's `ask`; `null` for what was not told. */
  health?: HealthGetters;
  /** Lines of a difference that take effect late, and after how long. */
  late?: { lines: RegExp; seconds: number };
  /**
   * @param signal aborts connecting and logging in
   * @throws PlumbError `unreachable`, `unauthorized`, `host_key_unknown`, `host_key_changed`
   */
  open(target: Target, signal: AbortSignal): Promise<Session>;
  /** What ntc-templates calls it, in the order in which its templates are looked for. */
  ntcNames?: readonly string[];
  /** How captures of what it prints are read. */
  parsers?: Parsers;
  /** Which of them reads what its terminal shows; left out: the one that is called as the platform. */
  textParser?: string;
  /** What the device holds is files: line ends, and how the text ends, are what was committed; else they are LF. */
  keepsBytes?: true;
  /** What tells in a few bytes that its running configuration may have changed; left out: a look for drift reads it whole. */
  marker?: ChangeMarker;
  /** Text as it is hashed and compared for drift: without the lines that change by themselves (dates, counters). */
  normalise(config: string): string;
  /** The host name that a configuration sets, for the guard; undefined where it sets none. */
  hostname(config: string): string | undefined;
};

/**
 * Something that a device shows, and that is another after a change of its running configuration. It may miss one: what
 * each platform's can miss is in docs/concepts.md.
 */
type ChangeMarker = {
  /** A request of the session's `ask`. */
  request: string;
  /** What of the answer is the marker; a device in whose answer it is not has none. */
  tells: RegExp;
};

/** What a platform can do. Shown by `plumb platforms`; what is missing is refused by name, never skipped. */
export type Capabilities = {
  transports: readonly string[];
  replace: 'atomic' | 'line by line' | 'none';
  merge: 'atomic' | 'line by line' | 'none';
  diff: 'device' | 'computed' | 'none';
  /** Who undoes an unconfirmed commit: the platform, a dead-man switch that we leave on it, or nobody. */
  trial: 'native' | 'dead-man switch' | 'none';
  /** The smallest step of the trial's timer, in seconds. */
  trialUnitSeconds: number;
  /** The shortest and the longest trial that the timer can hold; a job that wants a longer one warns. */
  trialSeconds?: { least: number; most: number };
  /** `armingSession`: the driver arms a trial on a connection of its own, which the trial's handle alone works on. */
  confirmFrom: 'any' | 'armingSession';
  comment: boolean;
  startup: boolean;
  /** How a trial is undone: what the device does, and on whose text it ends. */
  undo?: string;
  /** Lines that never compare equal, whatever is deployed. */
  neverEqual?: string;
  getters: readonly ('facts' | 'bgp' | 'bgp-detail' | 'interfaces-ip')[];
  /** Single files can be fetched and replaced: `download` and `upload`. */
  files?: boolean;
  /** How it was tested, for the table of platforms. */
  tested: string;
  /** Limits that an operator must know, one sentence each. */
  notes: readonly string[];
};

/** How a platform tells of each part of its health. */
export type HealthGetters = Partial<Record<HealthName, Getter<Vitals | null>>>;

/** What is compared with before a commit, but for BGP's sessions. */
export type HealthName = Exclude<keyof Checks, 'sent'>;

/** A device, its secrets and what must be true of its key: all that opening a session needs. */
export type Target = {
  device: Device;
  credentials: Credentials;
  /** Path of the known_hosts file with the pinned host keys. */
  knownHosts: string;
  /** Called before each write to the device. @throws PlumbError `lease_lost` once it is someone else's: nothing is written */
  fence?: () => void;
  /** Aborts when it is someone else's: connections are reset, since a polite end, and what waits to be sent, are writes. */
  lost?: AbortSignal;
};

/** A logged-in session on one device. One caller at a time. */
export interface Session extends AsyncDisposable {
  /** @throws PlumbError `rejected` when the device refuses the command, `timeout`, `closed` */
  run(command: string, options?: RunOptions): Promise<string>;
  /**
   * @param only `compare`: it is loaded for its diff alone, and never committed
   * @throws PlumbError `rejected` with the file's line number, `locked` for a foreign candidate, lock or trial
   */
  load(config: string, mode: Mode, name: ChangeName, only?: 'compare'): Promise<Candidate>;
  /**
   * A trial that waits on the device, ours or not.
   *
   * @param known names of trials of ours that may wait: a device that lists a trial without its name is held against them
   */
  pending(known?: readonly string[]): Promise<Trial | undefined>;
  /** What was saved on the device, newest first, at most 10; [] where the platform keeps nothing. */
  saved(): Promise<Saved[]>;
  /** The text that was running before job `job`. @throws PlumbError `unknown_job` */
  savedConfig(job: string): Promise<string>;
  /** Removes what older epochs of ours left behind: candidates, sessions, files. Never a pending trial. @returns what it removed */
  clean(epoch: number): Promise<string[]>;
  config(from: ConfigFrom): Promise<string>;
  facts(): Promise<Facts>;
  bgp(): Promise<Bgp>;
  /** Where the capabilities name the getter `bgp-detail`. */
  bgpDetail?(): Promise<BgpDetail>;
  /** Where the capabilities name the getter `interfaces-ip`. */
  interfacesIp?(): Promise<InterfacesIp>;
  /** The time by the device's own clock, where the platform tells it; null where its answer was not understood. */
  clock?(): Promise<ClockReading | null>;
  /** What each request of a getter is answered with; undefined for one that the device does not know. */
  ask?(requests: readonly string[]): Promise<readonly (string | undefined)[]>;
  /** Where the capabilities say `files`. @throws PlumbError `rejected` for what is no plain file, `unauthorized` */
  download?(path: string): Promise<DeviceFile>;
  /**
   * Where the capabilities say `files`. The old file is there until the new one, whole and verified, takes its place at once.
   *
   * @returns mode and owner of the new file
   * @throws PlumbError `rejected` with the reason (no folder, no space …), `unauthorized`
   */
  upload?(path: string, content: Buffer, options: UploadOptions): Promise<{ mode: string; owner: string }>;
  /** Cheap proof that the session is alive, without writing to the device's CLI. */
  alive(): Promise<void>;
  /** Resolves when the connection is gone, with the reason. */
  readonly closed: Promise<string>;
}

type RunOptions = { timeoutMs?: number | undefined };

type ConfigFrom = 'running' | 'startup';

/** A configuration that is loaded but not in effect. Disposed uncommitted, it leaves nothing on the device. */
export interface Candidate extends AsyncDisposable {
  /** @returns the device's own diff; '' when there is nothing to change but for `unstable` lines */
  diff(): Promise<string>;
  /** Lines that never compare equal on this platform, found by the last `diff()`. */
  readonly unstable: readonly string[];
  /**
   * The device's diff where nothing differs but secrets in plain text, which it stores in another form: whether they are
   * other secrets cannot be told. Found by the last `diff()`, which then was ''.
   */
  readonly incomparable?: string | undefined;
  /** What else the operator must know of the candidate, found by loading it. */
  readonly notes?: readonly string[] | undefined;
  /** Saves the running configuration on the device, arms the undo, then makes the candidate take effect. */
  commit(options: CommitOptions): Promise<Trial>;
}

/** Who makes a change: part of the name that a candidate or trial carries on the device. */
export type ChangeName = {
  job: string;
  epoch: number;
  /** SHA-256 of the intent. */
  sha256: string;
  commit?: string;
  author?: string;
};

export type CommitOptions = {
  /** Seconds until the device undoes it; it is `unsupported` to commit without a timer where the platform has one. */
  confirmSeconds: number;
  comment?: string;
  /** Takes what the operator must know of a commit that is good. */
  warn?: (text: string) => void;
  /** Called right before the one write that makes the change take effect; throws to stop it (a lost lease). */
  fence: () => void;
};

/** A commit that waits on the device for its confirmation. */
export interface Trial {
  readonly name: string;
  /** The job that made it, where the name says so; undefined: not ours. */
  readonly job: string | undefined;
  readonly epoch: number | undefined;
  /** Who made it, as the device tells: user, address, age. */
  readonly owner: string;
  /** The device of the inventory whose trial it is, where that is another part of the same host. */
  readonly sibling?: string;
  readonly expiresAt: Date | undefined;
  /**
   * `armed`: the device will undo it. `confirmed`: by a mark of our own, or by the device's own record of it; saving may
   * have been cut off: `confirm()` finishes it. `undoing`: the undo has begun (by timer or by someone) or failed: `undo()`
   * waits for it or finishes it. `over`: one that the caller knows waits no more, and what ran before does not run:
   * whether it was confirmed is for the caller to find out, by what runs.
   */
  readonly phase: 'armed' | 'confirmed' | 'undoing' | 'over';
  /** Makes it permanent and saves it to startup; once it did, it may be called again. @throws PlumbError `commit_failed` when the trial is gone */
  confirm(): Promise<void>;
  /**
   * Restores what was saved before the trial and waits until it is restored.
   *
   * @throws PlumbError `undo_failed`; `locked` when the device does not let us end it: it is not ours after all, or only
   * its timer ends it
   */
  undo(): Promise<void>;
}

/** A configuration that was saved on the device before a trial, newest first. */
export type Saved = {
  job: string;
  at: Date;
  /** SHA-256 of the intent that the trial was for; '' where the device has no room for it: the job's record has it. */
  sha256: string;
  outcome: 'applied' | 'undone' | 'unknown';
};

/** A file as it is on the device. */
export type DeviceFile = { content: Buffer; sha256: string; mode: string; owner: string };

export type UploadOptions = {
  /** Octal; that of the file which is replaced, or 0644, where it is not given. */
  mode?: string;
  /** Part of the name of our temporary file on the device. */
  job: string;
  epoch: number;
  /** Called right before the file takes the place of the old one; throws to stop it (a lost lease). */
  fence: () => void;
};
