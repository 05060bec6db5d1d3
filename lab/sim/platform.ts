import type { BgpTable } from './bgp.ts';
import type { Device, Login } from './device.ts';
import type { TerminalStyle } from './terminal/terminal-style.ts';

/** What a command may do with the terminal it runs on. */
export interface Io {
  /** Prints at once. */
  print(text: string): void;
  /** Prints page by page. */
  page(text: string): Promise<void>;
  /** Asks and reads the answer; undefined: the terminal is gone. `echo: false` for passwords, `raw` for a paste: no key edits it. */
  ask(question: string, options?: { echo?: boolean; raw?: boolean }): Promise<string | undefined>;
  /** Reads one key without echo. */
  key(question: string): Promise<string | undefined>;
  /** Ends the session after the command. */
  end(): void;
  length: number;
  width: number;
}

/** A CLI session: prompts and runs lines. */
export interface Cli {
  prompt(): string;
  run(line: string, io: Io): Promise<void>;
  /** The next line goes on with a text, in which TAB completes nothing. */
  text?(): boolean;
  /** Seconds without input until the device hangs up; 0: never. */
  idleSeconds?(): number;
  /** The session is over, however it ended. */
  close(): void;
}

/** What a NETCONF session answers: the content of `<rpc-reply>`. */
export interface NetconfSession {
  capabilities: readonly string[];
  /** Attributes of the hello's namespace that the platform adds, if any. */
  reply(request: string): Promise<{ content: string; close?: boolean }>;
  close(): void;
}

/** A platform at work on one device. */
export interface Box {
  readonly style: TerminalStyle;
  readonly bgp: BgpTable;
  /** Sent before authentication; '' for none. */
  banner(): string;
  /** What telnet asks for first; `login: ` when left out. */
  readonly asksUser?: string;
  /** Printed after login. */
  greeting(login: Login): string;
  cli(login: Login): Cli;
  netconf?(login: Login): NetconfSession;
  /** eAPI: one command after the other in a context of its own. */
  eapi?(login: Login): EapiContext;
  /** The file that a path of SCP or SFTP means; undefined: there is no such server. */
  file?(path: string, by: 'scp' | 'sftp'): string | undefined;
  /** The configuration as the platform shows it, without command echo. */
  text(from: 'running' | 'startup'): string;
  /** Names of candidates and configuration sessions that are open. */
  sessions(): string[];
  /** Someone else works on the device. */
  foreign(kind: 'session' | 'lock' | 'none', user: string): void;
  /** The device restarts: what lives in memory is gone. */
  reboot(): void;
}

/** One eAPI call. */
export interface EapiContext {
  run(command: string, input: string | undefined, format: 'json' | 'text'): Promise<EapiResult>;
}

/** What an eAPI command came to. */
export type EapiResult =
  | { ok: true; json?: object; text: string }
  | { ok: false; code: number; reason: string; errors: string[] };

/** Makes a platform's box. */
export type Platform = (device: Device, options: BoxOptions) => Box;

/** What a box needs to know besides the device. */
export type BoxOptions = {
  config: string;
  user: string;
  password: string;
  /** Asked by `enable`; '' for none. */
  enablePassword: string;
};
