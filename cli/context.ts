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
  /** Back to the previous screen, with the cursor; does nothing if it was not entered. */
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
  /** To stdout; control characters are shown, not obeyed. */
  out(text: string): void;
  /** Progress and complaints: to stderr, likewise. */
  err(text: string): void;
  /** What a device printed, to stdout: as `out` on a terminal, as it is elsewhere. */
  raw(text: string): void;
  /** Resolves once the reader of stdout has taken everything written to it, except what a pipe holds. */
  room(): Promise<void>;
  /** Colours are wanted on stdout: a terminal, and no NO_COLOR. */
  readonly colour: boolean;
  /** Where progress is shown. */
  readonly terminal: { isTTY: boolean; columns: number };
  /** The terminal on stdout; undefined if it is not one. */
  readonly screen: Screen | undefined;
  /** Aborts on Ctrl-C and on SIGTERM. */
  readonly signal: AbortSignal;
  /** The inventory, read once. @throws PlumbError `invalid_inventory` */
  inventory(): Promise<Inventory>;
  /**
   * The bus, connected once and closed when the verb is over.
   *
   * @param options.as the role of a long-running part, which also waits for an unreachable server
   * @param options.site default: the inventory's
   * @param options.patient waits for an unreachable server for as long as it takes
   * @throws PlumbError `nats_unavailable`
   */
  store(options?: { as?: Role; site?: string; patient?: boolean }): Promise<Store>;
  /** Asks the person at the terminal; undefined if there is nobody to ask. */
  prompt(question: string): Promise<string | undefined>;
  /** The verb did its work and found a difference or a failed device (1), could not tell (2), or found a limit passed (3). */
  exit(code: 0 | 1 | 2 | 3): void;
};

/** Every verb is a file that exports one of these. */
export type Verb = (context: Context) => Command;
