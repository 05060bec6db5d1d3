import type { Duplex } from 'node:stream';
import type { Timer } from '../clock.ts';
import type { Device, Login } from '../device.ts';
import type { Box, Cli, Io } from '../platform.ts';
import { Terminal } from './terminal.ts';

/** The terminal as a command sees it. */
class ShellIo implements Io {
  readonly #terminal: Terminal;
  readonly #device: Device;
  readonly #prompt: () => string;
  ended = false;
  /** The output of the command that runs now shall hold a line that looks like a prompt. */
  lookalike = false;
  /** … shall end half-way. */
  cut = false;

  constructor(terminal: Terminal, device: Device, prompt: () => string) {
    this.#terminal = terminal;
    this.#device = device;
    this.#prompt = prompt;
  }

  get length(): number {
    return this.#terminal.length;
  }

  set length(lines: number) {
    this.#terminal.length = lines;
  }

  get width(): number {
    return this.#terminal.width;
  }

  set width(columns: number) {
    this.#terminal.width = columns;
  }

  print(text: string): void {
    this.#terminal.print(text);
  }

  async page(text: string): Promise<void> {
    if (this.cut) {
      await this.#terminal.page(`${text.slice(0, text.length / 2).trimEnd()}\n`);
      return;
    }
    if (!this.lookalike) {
      await this.#terminal.page(await this.#stalled(text));
      return;
    }
    const lines = text.split('\n');
    const half = Math.floor(lines.length / 2);
    const fake = this.#prompt().split('\n').at(-1) ?? '';
    this.print(`${lines.slice(0, half).join('\n')}\n${fake}`);
    // long enough to be read as the end of the output, also by a client in this process that stood still meanwhile
    for (let turn = 0; turn < 6; turn++) await new Promise((resolve) => setTimeout(resolve, 10));
    await this.#terminal.page(`show clock was typed here\n${lines.slice(half).join('\n')}`);
  }

  /** Prints up to the last line behind which the wire stops. @returns the rest */
  async #stalled(text: string): Promise<string> {
    const { stall } = this.#device.faults;
    if (!stall) return text;
    const like = new RegExp(stall.match);
    let part = '';
    for (const [index, line] of text.split('\n').entries()) {
      part += index === 0 ? line : `\n${line}`;
      if (!like.test(line)) continue;
      this.print(part);
      part = '';
      await new Promise((resolve) => setTimeout(resolve, stall.ms));
    }
    return part;
  }

  async ask(question: string, options: { echo?: boolean; raw?: boolean } = {}): Promise<string | undefined> {
    this.print(question);
    const { echo = true, raw = !echo } = options;
    return this.#terminal.line(raw ? { echo } : { echo, prompt: question });
  }

  key(question: string): Promise<string | undefined> {
    this.print(question);
    return this.#terminal.key();
  }

  end(): void {
    this.ended = true;
  }

  /** Starts a command: may it be shown a false prompt, or a part of its output? */
  begin(line: string): void {
    const { lookalike, cut } = this.#device.faults;
    this.lookalike = lookalike !== undefined && new RegExp(lookalike.match).test(line);
    this.cut = cut !== undefined && new RegExp(cut.match).test(line);
  }
}

const hangUp = (device: Device, cli: Cli, terminal: Terminal): Timer | undefined => {
  const seconds = cli.idleSeconds?.() ?? 0;
  return seconds > 0 ? device.clock.after(seconds * 1000, () => terminal.end()) : undefined;
};

/** Runs an interactive session until someone ends it. */
export const runShell = async (stream: Duplex, device: Device, box: Box, login: Login): Promise<void> => {
  const terminal = new Terminal(stream, box.style);
  const cli = box.cli(login);
  const io = new ShellIo(terminal, device, () => cli.prompt());
  terminal.print(box.greeting(login));
  try {
    while (!io.ended && !terminal.closed) {
      const prompt = cli.prompt();
      terminal.print(prompt);
      const idle = terminal.idle ? hangUp(device, cli, terminal) : undefined; // to look for the timeout takes time
      const line = await terminal.line({
        prompt: prompt.slice(prompt.lastIndexOf('\n') + 1),
        tabs: cli.text?.() ?? false,
      });
      idle?.cancel();
      if (line === undefined) break;
      const drop = device.plan.step(line);
      if (drop === 'before') login.link?.cut();
      io.begin(line);
      if (drop !== 'before') await cli.run(line, io);
      if (drop === 'after') login.link?.cut();
    }
  } finally {
    cli.close();
    device.logins.delete(login);
    terminal.end();
  }
};

/** Runs one command without a terminal, as `ssh device 'show version'` does. @returns what it printed */
export const runOnce = async (device: Device, box: Box, login: Login, command: string): Promise<string> => {
  const cli = box.cli(login);
  let output = '';
  const print = (text: string) => {
    output += text;
  };
  const silent = async () => undefined;
  const io: Io = {
    length: 0,
    width: 511,
    print,
    page: async (text) => print(text),
    ask: silent,
    key: silent,
    end: () => {},
  };
  try {
    const drop = device.plan.step(command);
    if (drop !== 'before') await cli.run(command, io);
    if (drop) login.link?.cut();
  } finally {
    cli.close();
    device.logins.delete(login);
  }
  return output;
};
