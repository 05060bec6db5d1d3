import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { type Avoid, supervisorVariable, type Told } from './messages.ts';

/** How a process ended. */
export type Ended = {
  name: string;
  code: number | null;
  signal: NodeJS.Signals | null;
  /** It had started its work. */
  started: boolean;
  /** It had to be killed, since its event loop was blocked. */
  stuck: boolean;
  /** Devices that it was talking to. */
  talking: readonly string[];
  ranMs: number;
};

type ChildOptions = {
  name: string;
  /** The program and its arguments. */
  command: readonly string[];
  /** One that says nothing for so long is killed. */
  stillMs: number;
  /** Whole lines of its log; undefined: it writes to our terminal itself. */
  line: ((text: string) => void) | undefined;
  ended: (how: Ended) => void;
};

/** One runner process: its log, its signs of life, its end. */
export class Child {
  readonly #process: ChildProcess;
  readonly #talking = new Map<string, number>();
  #heardMs = performance.now();
  #started = false;
  #stuck = false;

  constructor({ name, command, stillMs, line, ended }: ChildOptions) {
    const beganMs = performance.now();
    // its own group: a terminal's Ctrl-C is for us, and we pass it on
    const [program = '', ...argv] = command;
    const child = spawn(program, argv, {
      detached: true,
      env: { ...process.env, [supervisorVariable]: String(process.pid) },
      stdio: ['ignore', line ? 'pipe' : 'inherit', line ? 'pipe' : 'inherit', 'ipc'],
    });
    this.#process = child;
    if (line) for (const input of [child.stdout, child.stderr]) if (input) createInterface({ input }).on('line', line);
    child.on('message', (message) => this.#hear(message as Told));
    const look = setInterval(() => {
      if (!this.#started || performance.now() - this.#heardMs < stillMs) return;
      this.#heardMs = performance.now() - stillMs + 1_000; // we may have been blocked ourselves: first handle what it has said
      if (this.#stuck) child.kill('SIGKILL');
      this.#stuck = true;
    }, 500);
    const end = (code: number | null, signal: NodeJS.Signals | null) => {
      clearInterval(look);
      const stuck = this.#stuck && signal === 'SIGKILL';
      const talking = [...this.#talking.keys()];
      ended({ name, code, signal, started: this.#started, stuck, talking, ranMs: performance.now() - beganMs });
    };
    child.once('error', () => end(null, null)).once('close', (code, signal) => end(code, signal));
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  avoid(devices: readonly string[]): void {
    if (this.#process.connected) this.#process.send({ avoid: devices } satisfies Avoid, () => {});
  }

  stop(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }

  #hear(told: Told): void {
    this.#heardMs = performance.now();
    this.#stuck = false;
    switch (told.kind) {
      case 'beat':
        break;
      case 'started':
        this.#started = true;
        break;
      case 'begins':
        this.#talking.set(told.device, (this.#talking.get(told.device) ?? 0) + 1);
        break;
      case 'ends': {
        const left = (this.#talking.get(told.device) ?? 1) - 1;
        if (left > 0) this.#talking.set(told.device, left);
        else this.#talking.delete(told.device);
        break;
      }
      default:
        told satisfies never;
    }
  }
}
