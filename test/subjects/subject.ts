import type { DeviceEntry } from '../../core/inventory/schema.ts';
import type { Driver } from '../../runners/driver.ts';

/** A device under test, simulated or real, with hands on it that do not go through our own driver. */
export type Subject = AsyncDisposable & {
  name: string;
  /** For the titles of tests. */
  title: string;
  driver: Driver;
  /** As it stands in an inventory, but for the port. */
  entry: DeviceEntry;
  /** Where it listens. */
  port: number;
  /** Its host key as known_hosts has it; undefined: it has none (eAPI, telnet). */
  hostKey(): string | undefined;
  /** SHA-256 of its TLS certificate; undefined: it has none. */
  certificate?(): string;
  /** A whole configuration that says `mark(number)`. */
  text(number: number): string;
  mark(number: number): string;
  /** A command that prints the mark of the text that runs. */
  probe: string;
  /** A text with a line that the device refuses. */
  bad: { text: string; line: number };
  running(): Promise<string>;
  /** What it would boot; undefined where it has nothing of the kind. */
  startup(): Promise<string | undefined>;
  /** Whether a trial waits on it. */
  hasTrial(): Promise<boolean>;
  /** Everything that a deployment must not leave on it: sessions, locks, candidates, files, logins beyond the warm one. */
  leftovers(): Promise<string[]>;
  /** Who is logged in, where that is known. */
  logins?: () => string[];
  /** Moves the device's time on, where that is simulated, until so many seconds of the trial's timer are left. */
  expire(secondsLeft: number): void;
  /** Power off and on: what lives in memory is gone. Undefined where that cannot be had. */
  reboot?: () => Promise<void>;
  /** Somebody else's session, lock or trial is in the way. Undefined: there can be none. @returns ends it */
  foreign?: () => Promise<() => Promise<void>>;
  /** Shows another host key or certificate from now on. Undefined: it has neither. */
  changeIdentity?: () => Promise<void>;
};
