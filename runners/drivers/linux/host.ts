import { PlumbError } from '../../../core/errors.ts';
import { redact } from '../../../core/redact/redact.ts';
import type { Saved, Target } from '../../driver.ts';
import { answersTo, gather } from '../../getters/getter.ts';
import { denied, neverCame, shellCommand, shellScript } from '../../session/shell-script.ts';
import type { InterfacesIp } from '../../shapes.ts';
import type { ExecOptions, Executed } from '../../transports/ssh/channel.ts';
import type { SshConnection } from '../../transports/ssh/connection.ts';
import { openSsh } from '../../transports/ssh/ssh.ts';
import { sshOptions } from '../../transports/ssh/target.ts';
import { interfacesIp } from './getters/interfaces-ip.ts';

/** What the server's disk does not take: trying again does not help. */
const noRoom = /No space left on device|Disk quota exceeded|Read-only file system/i;

/** With what a script ends that refused what it was asked for. */
const refused = 3;

/** Ends what sshd has started for a channel: a process group of its own, whatever the login shell. */
const endGroup = `kill -s TERM -- "-$1" 2>/dev/null || exit 0
kill -0 -- "-$1" 2>/dev/null || exit 0
sleep 1; ! kill -0 -- "-$1" 2>/dev/null`;

/** A Linux machine by SSH, and how to run our scripts on it: values are arguments, contents go by stdin. */
export class LinuxHost implements AsyncDisposable {
  readonly name: string;
  readonly target: Target;
  readonly ssh: SshConnection;
  readonly #sudo: string;

  private constructor(target: Target, ssh: SshConnection) {
    this.name = target.device.name;
    this.target = target;
    this.ssh = ssh;
    this.#sudo = target.device.options.sudo === true ? 'sudo -n ' : '';
  }

  /** @throws PlumbError as `Driver.open` */
  static async open(target: Target, signal: AbortSignal): Promise<LinuxHost> {
    return new LinuxHost(target, await openSsh(sshOptions(target), signal));
  }

  /** How a script in POSIX sh ended; `$1` … are the arguments. */
  async exec(script: string, args: readonly (string | number)[] = [], options: ExecOptions = {}): Promise<Executed> {
    const withPath = `PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin\nexport PLUMB_DEVICE=${this.name}\n${script}`;
    const { command, output } = shellScript(withPath, args, this.#sudo);
    this.target.fence?.();
    const ended = await this.ssh.exec(command, { stdin: '', ...options });
    return neverCame(ended) ? ended : { ...ended, stdout: output(ended.stdout, this.name, ended.stderr) };
  }

  /** @throws PlumbError `unauthorized` without the rights, `rejected` when the script refuses or the disk takes nothing, `commit_failed` when it fails */
  async script(doing: string, script: string, args: readonly (string | number)[] = [], options: ExecOptions = {}) {
    const { code, stdout, stderr } = await this.exec(script, args, options);
    if (code === 0) return stdout;
    const said = redact(stderr.trim().split('\n').slice(-2).join(' '));
    if (denied.test(stderr)) {
      throw new PlumbError('unauthorized', `${this.name}: cannot ${doing}: ${said}`, {
        hint: 'log in as root, or set `options: {sudo: true}` for a user with sudo without a password',
      });
    }
    const why = `${this.name}: cannot ${doing}: ${said || `a script ended with ${code}`}`;
    if (noRoom.test(stderr))
      throw new PlumbError('rejected', why, { hint: 'make room on the disk of the server (`df`), then `plumb retry`' });
    throw new PlumbError(code === refused ? 'rejected' : 'commit_failed', why);
  }

  /** Runs a command of the operator's as it is. @throws PlumbError `rejected` when it fails */
  async run(command: string, timeoutMs = 60_000): Promise<string> {
    const { command: line, output, pid } = shellCommand(command);
    this.target.fence?.();
    const endLate = async (stdout: string) => {
      const group = pid(stdout);
      return group !== undefined && (await this.exec(endGroup, [group], { timeoutMs: 10_000 })).code === 0;
    };
    const ended = await this.ssh.exec(line, { stdin: '', timeoutMs, endLate });
    const { code, stderr } = ended;
    const stdout = neverCame(ended) ? ended.stdout : output(ended.stdout, this.name, stderr);
    if (code === 0) return stdout;
    const said = redact(stderr.trim().split('\n').slice(-3).join(' ') || stdout.trim().split('\n').slice(-1).join(''));
    throw new PlumbError('rejected', `${this.name}: "${redact(command)}" ended with ${code}: ${said}`);
  }

  /** What commands of a getter print; undefined for one that this machine does not know. */
  answers(requests: readonly string[]): Promise<(string | undefined)[]> {
    return answersTo(requests, (command) => this.run(`env "PATH=$PATH:/usr/sbin:/sbin" ${command}`));
  }

  /** Addresses of the machine. @throws PlumbError `unsupported` without `ip`: no answer does not mean no address */
  addresses(): Promise<InterfacesIp> {
    return gather(interfacesIp, async (requests) => {
      const answers = await this.answers(requests);
      if (requests !== interfacesIp.requests && answers.every((answer) => answer === undefined)) {
        throw new PlumbError('unsupported', `${this.name}: its addresses cannot be read: "ip addr" failed`, {
          hint: 'is iproute2 installed, and may this user run `ip`?',
        });
      }
      return answers;
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.ssh[Symbol.asyncDispose]();
  }
}

/** Reads what the scripts of ours list of saved configurations: when, job, hash and outcome. */
export const readSaved = (listed: string): Saved[] =>
  listed
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const [at, job = '', sha256 = '', outcome] = line.split(' ');
      const known = outcome === 'applied' || outcome === 'undone' ? outcome : 'unknown';
      return { job, at: new Date(Number(at) * 1000), sha256, outcome: known };
    });

/** Reads lines of `key=value`. */
export const keyValues = (text: string): Map<string, string> =>
  new Map(
    text.split('\n').flatMap((line): [string, string][] => {
      const at = line.indexOf('=');
      return at > 0 ? [[line.slice(0, at), line.slice(at + 1)]] : [];
    }),
  );
