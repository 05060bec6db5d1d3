import type { Device } from '../device.ts';
import { words } from './tcl-words.ts';

/** Where the files are. */
type Flash = Pick<Device, 'files'> & { faults: Pick<Device['faults'], 'fullFlash'> };

type Channel = { file: string; parts: Buffer[] };

class TclError extends Error {}

/** A Tcl that opens, writes and closes files: what clients do in a device's tclsh. Texts are bytes, one a character. */
export class Tcl {
  readonly #device: Flash;
  readonly #fileName: (path: string) => string;
  readonly #variables = new Map<string, string>();
  readonly #channels = new Map<string, Channel>();
  #next: number;
  #typed = '';

  /**
   * @param fileName the name on the flash of a path
   * @param first the number of the first channel
   */
  constructor(device: Flash, fileName: (path: string) => string, first = 0) {
    this.#next = first;
    this.#device = device;
    this.#fileName = fileName;
  }

  /** Takes one line. `open`: the command is not complete yet. */
  feed(line: string): { said: string; open: boolean; exit: boolean } {
    this.#typed += `${Buffer.from(line, 'utf8').toString('latin1')}\n`;
    try {
      const nothing = () => '';
      if (words(this.#typed, nothing, nothing) === undefined) return { said: '', open: true, exit: false };
      const typed = this.#typed;
      this.#typed = '';
      const command = words(typed, (script) => this.#run(script), this.#variable) ?? [];
      const exit = /^(?:tclquit|exit|quit)$/.test(command[0] ?? '');
      if (exit) this.#flush();
      const said = exit ? '' : this.#execute(command);
      return { said: said === '' ? '' : `${said}\n`, open: false, exit };
    } catch (error) {
      if (!(error instanceof TclError)) throw error;
      return { said: `${error.message}\n`, open: false, exit: false };
    }
  }

  readonly #variable = (name: string): string => {
    const value = this.#variables.get(name);
    if (value === undefined) throw new TclError(`can't read "${name}": no such variable`);
    return value;
  };

  #run(script: string): string {
    return this.#execute(words(script, (inner) => this.#run(inner), this.#variable) ?? []);
  }

  #execute([name, ...args]: readonly string[]): string {
    const [first = '', second = ''] = args;
    if (name === undefined) return '';
    if (name === 'set') {
      if (args.length === 1) return this.#variable(first);
      this.#variables.set(first, second);
      return second;
    }
    if (name === 'open') return this.#open(first, second);
    if (name === 'puts') {
      const bare = first === '-nonewline';
      const [channel = '', text = ''] = bare ? args.slice(1) : args;
      this.#channel(channel).parts.push(Buffer.from(`${text}${bare ? '' : '\n'}`, 'latin1'));
      return '';
    }
    if (name === 'fconfigure') {
      this.#channel(first);
      return '';
    }
    if (name !== 'close') throw new TclError(`invalid command name "${name}"`);
    this.#write(this.#channel(first));
    this.#channels.delete(first);
    return '';
  }

  #open(path: string, access: string): string {
    if (this.#device.faults.fullFlash) throw new TclError(`couldn't open "${path}": no space left on device`);
    if (!/^w/.test(access)) throw new TclError(`couldn't open "${path}": no such file or directory`);
    const channel = `file${this.#next++}`;
    this.#channels.set(channel, { file: this.#fileName(path), parts: [] });
    this.#device.files.set(this.#fileName(path), '');
    return channel;
  }

  #channel(name: string): Channel {
    const channel = this.#channels.get(name);
    if (!channel) throw new TclError(`can not find channel named "${name}"`);
    return channel;
  }

  #write({ file, parts }: Channel): void {
    this.#device.files.set(file, Buffer.concat(parts).toString('utf8'));
  }

  /** What is still open is written when the shell ends. */
  #flush(): void {
    for (const channel of this.#channels.values()) this.#write(channel);
    this.#channels.clear();
  }
}
