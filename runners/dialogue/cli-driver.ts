import type { SendOptions } from './options.ts';
import type { Typing } from './typing/typing.ts';

// What a platform says about its CLI. `dialogue.ts` does the talking; a new platform is data in this shape.

/** Something the device asks, and what we say. `secret` names one of the device's credentials. */
export type Question = { ask: RegExp; answer: string } | { ask: RegExp; secret: 'username' | 'password' | 'enable' };

/** Sends one line of a device's command line and tells what it printed. */
export type Send = (line: string, options?: SendOptions) => Promise<string>;

export type CliDriver = {
  /** Matches the last line when the device waits for input, in every mode. Anchored at both ends. */
  prompt: RegExp;
  /** Matches the prompt in configuration mode only. */
  configPrompt?: RegExp;
  /** Which part of a prompt stays the same in every mode, as the group `base`. Learned after login. */
  base?: RegExp;
  /** Output that means: the last line was refused. Anchored with `m`. */
  errors: readonly RegExp[];
  /** Sent once after login, in order: no paging, no wrapping. A line that the device does not know is passed over. */
  setup: readonly string[];
  /** Answered whenever they are the last line. */
  questions?: readonly Question[];
  /** Text during login that means: not let in. */
  refusals?: readonly RegExp[];
  /** The last line while the device waits for a key before it prints on. */
  pagers?: readonly RegExp[];
  /** The last line while a pager at its end waits to be left with `q`. */
  pagerEnds?: readonly RegExp[];
  /** The line above the prompt, where it tells the mode: dropped there, and text elsewhere. */
  promptLine?: RegExp;
  /** Whole lines that are dropped from every output: dates. */
  noise?: readonly RegExp[];
  /** Ends a line that we send; `\n` unless said otherwise. */
  newline?: '\n' | '\r' | '\r\n';
  /** What its line editor takes for keys; nothing but control characters when left out. */
  typing?: Typing;
  /** The device does not repeat what we type. */
  silent?: boolean;
  /** How long a prompt must stand before it is believed; 0 unless a platform prints its prompt too early. */
  settleMs?: number;
  /** Finds out after the set-up what answers, and how lines are sent to it from then on. */
  adapt?: (send: Send, name: string) => Promise<Send>;
};

/** How long to wait: since the last byte, and in total. */
export type Patience = { silenceMs: number; totalMs: number };

/** Patience by the class of a command (device-dependent work is slow: a commit takes minutes on a stack). */
export const patience = {
  show: { silenceMs: 30_000, totalMs: 60_000 },
  load: { silenceMs: 60_000, totalMs: 120_000 },
  commit: { silenceMs: 300_000, totalMs: 600_000 },
} as const satisfies Record<string, Patience>;
