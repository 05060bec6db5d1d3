import { randomBytes } from 'node:crypto';
import { PlumbError } from '../../../core/errors.ts';
import { redact } from '../../../core/redact/redact.ts';
import type { Target } from '../../driver.ts';
import { denied, neverCame, quote, type ShellScript, shellScript } from '../../session/shell-script.ts';
import type { ExecOptions, Executed } from '../../transports/ssh/channel.ts';
import type { SshConnection } from '../../transports/ssh/connection.ts';
import { FrrTalk } from './scratch/talk.ts';

/** Options of an FRR device in the inventory. */
type FrrOptions = { pathspace: string; sudo: boolean; scratch: boolean; fence?: Target['fence'] };

/** @throws PlumbError `invalid_inventory` */
export const frrOptions = ({ device, fence }: Target): FrrOptions => {
  const { pathspace = '', sudo = false, scratch = true } = device.options;
  if (typeof pathspace !== 'string' || !/^[A-Za-z0-9_-]*$/.test(pathspace)) {
    throw new PlumbError('invalid_inventory', `${device.name}: options.pathspace must be letters, digits, - and _`);
  }
  return { pathspace, sudo: sudo === true, scratch: scratch !== false, ...(fence ? { fence } : {}) };
};

/** A router and how to run our scripts on it: values are arguments, secrets go by stdin. */
export class FrrRouter {
  readonly name: string;
  readonly ssh: SshConnection;
  readonly #options: FrrOptions;

  constructor(name: string, ssh: SshConnection, options: FrrOptions) {
    this.name = name;
    this.ssh = ssh;
    this.#options = options;
  }

  /** Whether texts are tried out on the router before they are applied. */
  get scratch(): boolean {
    return this.#options.scratch;
  }

  /** A command line of vtysh for this router. */
  get vtysh(): string {
    const { pathspace, sudo } = this.#options;
    return `${sudo ? 'sudo -n ' : ''}vtysh${pathspace ? ` -N ${quote(pathspace)}` : ''}`;
  }

  /** What says how this router's scripts are run: not the same scripts where one of these differs. */
  get way(): string {
    const { pathspace, sudo } = this.#options;
    return `${sudo} ${pathspace}`;
  }

  #command(script: string, args: readonly (string | number)[]): ShellScript {
    const { pathspace, sudo, fence } = this.#options;
    fence?.();
    return shellScript(script, [pathspace, ...args], sudo ? 'sudo -n ' : '');
  }

  /** How a script ended. */
  async exec(script: string, args: readonly (string | number)[] = [], options: ExecOptions = {}): Promise<Executed> {
    const { command, output } = this.#command(script, args);
    const ended = await this.ssh.exec(command, { stdin: '', ...options });
    return neverCame(ended) ? ended : { ...ended, stdout: output(ended.stdout, this.name, ended.stderr) };
  }

  /** Runs a script to its end. @throws PlumbError `unauthorized` without the rights, `commit_failed` when it breaks */
  async script(
    doing: string,
    script: string,
    args: readonly (string | number)[] = [],
    options: ExecOptions = {},
  ): Promise<string> {
    return this.check(doing, await this.exec(script, args, options));
  }

  /** Starts a script that is talked with. @param args gets the word that parts its output */
  async talk(script: string, args: (cut: string) => readonly (string | number)[], timeoutMs: number): Promise<FrrTalk> {
    const cut = randomBytes(12).toString('hex');
    const { command, mark } = this.#command(script, args(cut));
    return new FrrTalk(this.name, await this.ssh.start(command), { mark, cut }, timeoutMs);
  }

  check(doing: string, { code, stdout, stderr }: Executed): string {
    if (code === 0) return stdout;
    const said = redact(stderr.trim().split('\n').slice(-2).join(' '));
    if (denied.test(stderr)) {
      throw new PlumbError('unauthorized', `${this.name}: cannot ${doing}: ${said}`, {
        hint: 'log in as root, or set `options: {sudo: true}` for a user with sudo without a password',
      });
    }
    throw new PlumbError('commit_failed', `${this.name}: cannot ${doing}: ${said || `a script ended with ${code}`}`);
  }
}

/** Reads lines of key=value; a key that comes again starts a new record when it is `first`. */
export const records = (text: string, first: string): Map<string, string>[] => {
  const found: Map<string, string>[] = [];
  for (const line of text.split('\n')) {
    const at = line.indexOf('=');
    if (at <= 0) continue;
    const key = line.slice(0, at);
    if (key === first || found.length === 0) found.push(new Map());
    found.at(-1)?.set(key, line.slice(at + 1));
  }
  return found;
};
