import type { Command } from 'commander';
import type { Config } from '../core/config/config.ts';
import type { Inventory } from '../core/inventory/schema.ts';
import type { Role } from '../core/store/server/permissions.ts';
import type { Store } from '../core/store/store.ts';

/** A terminal that a verb draws on from its upper left corner. */
export type Screen = {
  rows(): number;
  columns(): number;
  onResize(listener: () => void): void;
  /** Another screen, without a cursor. */
  enter(): void;
  /** What was there before, with the cursor; nothing where it was not entered. */
  leave(): void;
};

/** What every verb gets: where it reads, where it writes, and when it must stop. */
export type Context = {
  /** Flag over environment over file; complete once commander runs an action, not before. */
  readonly config: Config;
  /** The folder that the process was started in. */
  readonly cwd: string;
  /** The environment that the process was started with. */
  readonly env: NodeJS.ProcessEnv;
  /** To stdout; what could steer a terminal is shown in it, not obeyed. */
  out(text: string): void;
  /** Progress and complaints: to stderr, likewise. */
  err(text: string): void;
  /** What a device printed, to stdout: as `out` on a terminal, as it is elsewhere. */
  raw(text: string): void;
  /** Resolves once whoever reads stdout has taken what was written to it, but for what a pipe holds. */
  room(): Promise<void>;
  /** Colours are wanted on stdout: a terminal, and no NO_COLOR. */
  readonly colour: boolean;
  /** Where progress is shown. */
  readonly terminal: { isTTY: boolean; columns: number };
  /** The terminal that stdout is; undefined where it is none. */
  readonly screen: Screen | undefined;
  /** Aborts on Ctrl-C and on SIGTERM. */
  readonly signal: AbortSignal;
  /** The inventory, read once. @throws PlumbError `invalid_inventory` */
  inventory(): Promise<Inventory>;
  /**
   * The bus, connected once and closed when the verb is over.
   *
   * @param options.as what runs until it is stopped: it also waits for a server that is away for long
   * @param options.site the inventory's where it is not given
   * @param options.patient a server that goes away is waited for, for as long as it takes
   * @throws PlumbError `nats_unavailable`
   */
  store(options?: { as?: Role; site?: string; patient?: boolean }): Promise<Store>;
  /** Asks the person at the terminal; undefined where there is nobody to ask. */
  prompt(question: string): Promise<string | undefined>;
  /** The verb did its work and found a difference or a failed device (1), could not tell (2), or found a limit passed (3). */
  exit(code: 0 | 1 | 2 | 3): void;
};

/** Every verb is a file that exports one of these. */
export type Verb = (context: Context) => Command;
