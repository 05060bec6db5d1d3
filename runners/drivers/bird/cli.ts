import { PlumbError } from '../../../core/errors.ts';
import type { Target } from '../../driver.ts';
import { quote } from '../../session/shell-script.ts';
import { LinuxHost } from '../linux/host.ts';

/** A BIRD daemon: its file, its control socket and the machine that it runs on. */
export class BirdDaemon {
  readonly host: LinuxHost;
  readonly #words: readonly [file: string, socket: string];

  /** Device options: `config` (path of bird.conf), `socket` (path of the control socket), `sudo`. */
  constructor(host: LinuxHost) {
    const { config = '/etc/bird/bird.conf', socket = '' } = host.target.device.options;
    if (typeof config !== 'string' || typeof socket !== 'string') {
      throw new PlumbError('invalid_inventory', `${host.name}: options.config and options.socket must be paths`);
    }
    this.host = host;
    this.#words = [config, socket];
  }

  static async open(target: Target, signal: AbortSignal): Promise<BirdDaemon> {
    return new BirdDaemon(await LinuxHost.open(target, signal));
  }

  get name(): string {
    return this.host.name;
  }

  script(doing: string, script: string, args: readonly (string | number)[] = [], stdin = ''): Promise<string> {
    return this.host.script(doing, script, [...this.#words, ...args], { stdin, timeoutMs: 120_000 });
  }

  /** Runs a command of birdc. @throws PlumbError `rejected` with what BIRD says against it */
  async birdc(command: string, timeoutMs = 60_000): Promise<string> {
    const [, socket] = this.#words;
    const words = ['birdc', ...(socket ? ['-s', socket] : []), '-v', ...command.trim().split(/\s+/)];
    const script = `${words.map(quote).join(' ')} </dev/null || [ $? -eq 1 ]`;
    const { text, refused } = readReply(await this.host.script(`run "${command}"`, script, [], { timeoutMs }));
    if (refused) throw new PlumbError('rejected', `${this.name}: "${command}": ${refused}`);
    return text;
  }
}

/** A reply of `birdc -v` without its codes, and the first refusal in it: 8xxx and 9xxx, or birdc's own. */
export const readReply = (output: string): { text: string; refused: string | undefined } => {
  const lines = output.split('\n').filter((line) => !line.startsWith('0001 '));
  const silent = output.includes('0001 ') ? undefined : 'the daemon does not answer on its control socket';
  const refused = lines.find((line) =>
    /^[89]\d{3}[- ]|^(?:No such command|Ambiguous command|Unknown command)/.test(line),
  );
  const text = lines.map((line) => line.replace(/^(?:\d{4}[- ]| (?=\S)| {5})/, '')).join('\n');
  return { text: text.trimEnd(), refused: silent ?? refused?.replace(/^\d{4}[- ]/, '') };
};
