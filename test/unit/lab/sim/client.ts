import { readFileSync } from 'node:fs';
import ssh2, { type ClientChannel } from 'ssh2';
import type { PlatformName } from '../../../../lab/sim/platforms.ts';
import { type Sim, type SimOptions, startSim } from '../../../../lab/sim/sim.ts';

/** A small configuration of each platform, the ones that the conformance suite loads. */
export const configOf = (platform: PlatformName): string =>
  readFileSync(
    new URL(
      platform === 'eos'
        ? '../../../../examples/eos/intended/configs/leaf1.cfg'
        : `../../../conformance/configs/${platform}.cfg`,
      import.meta.url,
    ),
    'utf8',
  );

/** A simulated device with its small configuration. */
export const simOf = (platform: PlatformName, options: Partial<SimOptions> = {}): Promise<Sim> =>
  startSim({ platform, config: configOf(platform), ...options });

/** Someone at the device's terminal. */
export class Person implements AsyncDisposable {
  readonly #client = new ssh2.Client();
  #shell: ClientChannel | undefined;
  #seen = '';
  #woken: () => void = () => {};
  /** Resolves when the connection is gone. */
  readonly gone: Promise<void>;

  constructor() {
    this.gone = new Promise((resolve) => {
      this.#client.on('close', () => resolve());
      this.#client.on('error', () => resolve());
    });
  }

  static async at(sim: Sim): Promise<Person> {
    const person = new Person();
    await person.#open(sim);
    await person.#prompt();
    await person.type(
      sim.platform === 'junos' ? 'set cli screen-length 0' : sim.platform === 'eos' ? 'enable' : 'terminal length 0',
    );
    if (sim.platform === 'eos') await person.type('terminal length 0');
    return person;
  }

  /** Types a line. @returns what the device printed until it waits again */
  async type(line: string): Promise<string> {
    this.#seen = '';
    this.#shell?.write(`${line}\n`);
    const text = await this.#prompt();
    return text.slice(text.indexOf('\n') + 1, text.lastIndexOf('\n') + 1);
  }

  #open(sim: Sim): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#client.once('error', reject).on('ready', () =>
        this.#client.shell({ cols: 511 }, (error, shell) => {
          if (error) return reject(error);
          this.#shell = shell;
          shell.on('data', (chunk: Buffer) => {
            this.#seen += chunk.toString('utf8').replace(/\r/g, '');
            this.#woken();
          });
          resolve();
        }),
      );
      this.#client.connect({
        host: sim.host,
        port: sim.ports.ssh ?? 0,
        username: sim.user,
        password: 'admin',
        hostVerifier: () => true,
      });
    });
  }

  #prompt(): Promise<string> {
    return this.hears(/(?:^|\n)[\w@./:-]+(?:\([^)\n]*\))?[#>%] ?$|\? ?\[[^\]]*\]:? ?$|\]\? $|\[confirm\]$|: $/);
  }

  /** Waits for more. @returns all that was printed since the last line was typed, once it matches */
  async hears(pattern: RegExp): Promise<string> {
    while (!pattern.test(this.#seen)) {
      await Promise.race([
        new Promise<void>((resolve) => {
          this.#woken = resolve;
        }),
        this.gone.then(() => {
          throw new Error('the device hung up');
        }),
      ]);
    }
    return this.#seen;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#client.end();
  }
}
