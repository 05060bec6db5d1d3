import { BgpTable } from '../../sim/bgp.ts';
import { cloneTree, type Node } from '../../sim/config/tree.ts';
import type { Device, Login } from '../../sim/device.ts';
import type { Box, Cli, Io, Platform } from '../../sim/platform.ts';
import type { Answer, Deed, ScriptedDevice } from './script.ts';

const linesOf = (tree: Node): string[] => tree.children.map(({ text }) => text);
const treeOf = (lines: readonly string[]): Node => ({
  text: '',
  children: lines.map((text) => ({ text, children: [] })),
});
const textOf = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

const diffOf = (before: readonly string[], after: readonly string[]): string =>
  textOf([
    ...before.filter((line) => !after.includes(line)).map((line) => `-${line}`),
    ...after.filter((line) => !before.includes(line)).map((line) => `+${line}`),
  ]);

/** One shell on it: the mode that it is in, and the candidate that is its own. */
class ScriptedCli implements Cli {
  readonly #script: ScriptedDevice;
  readonly #device: Device;
  readonly #login: Login;
  readonly #candidates: Map<ScriptedCli, string[]>;
  #mode: string;

  constructor(script: ScriptedDevice, device: Device, login: Login, candidates: Map<ScriptedCli, string[]>) {
    this.#script = script;
    this.#device = device;
    this.#login = login;
    this.#candidates = candidates;
    this.#mode = Object.keys(script.prompts)[0] ?? '';
  }

  prompt(): string {
    return this.#script.prompts[this.#mode] ?? '';
  }

  async run(typed: string, io: Io): Promise<void> {
    const line = typed.trim();
    if (line === '') return;
    for (const answer of this.#script.answers) {
      const groups = this.#fits(answer, line);
      if (groups === undefined) continue;
      const says = this.#filled(answer.says ?? '', line);
      for (const deed of [answer.does ?? []].flat()) this.#do(deed, groups);
      this.#mode = answer.to ?? this.#mode;
      if (says !== '') await io.page(says.endsWith('\n') ? says : `${says}\n`);
      return;
    }
    if (!this.#takes(typed.trimEnd())) io.print(`${this.#filled(this.#script.refusal, line)}\n`);
  }

  close(): void {
    this.#candidates.delete(this);
  }

  /** @returns the groups of its expression; undefined where the answer is for something else */
  #fits({ line, in: mode, when }: Answer, typed: string): Record<string, string> | undefined {
    if (mode !== undefined && mode !== this.#mode) return undefined;
    if (when !== undefined && (when === 'trial') !== (this.#device.trial !== undefined)) return undefined;
    if (typeof line === 'string') return line === typed ? {} : undefined;
    const match = line.exec(typed);
    return match?.[0] === typed ? { ...match.groups } : undefined;
  }

  /** Puts a line into the candidate. @returns false where it is refused */
  #takes(line: string): boolean {
    const candidate = this.#candidates.get(this);
    if (!candidate || !this.#script.accepts.test(line) || this.#device.plan.refuses(line)) return false;
    if (!candidate.includes(line)) candidate.push(line);
    return true;
  }

  #do(deed: Deed, { name = '', seconds, minutes }: Record<string, string>): void {
    const device = this.#device;
    const running = linesOf(device.running);
    if (deed === 'open') this.#candidates.set(this, [...running]);
    else if (deed === 'clear') this.#candidates.set(this, []);
    else if (deed === 'drop') this.#candidates.delete(this);
    else if (deed === 'try') {
      const before = cloneTree(device.running);
      device.apply(treeOf(this.#candidates.get(this) ?? running), this.#login.user);
      this.#candidates.delete(this);
      device.arm(name, this.#login, Number(seconds ?? Number(minutes) * 60), before);
    } else if (deed === 'confirm') device.disarm();
    else if (deed === 'undo') device.undo();
    else if (deed === 'save') device.save();
    else deed satisfies never;
  }

  #filled(text: string, line: string): string {
    const { running, startup, trial, clock } = this.#device;
    const candidate = this.#candidates.get(this) ?? [];
    const values: Record<string, () => string> = {
      running: () => textOf(linesOf(running)),
      startup: () => textOf(linesOf(startup)),
      candidate: () => textOf(candidate),
      diff: () => diffOf(linesOf(running), candidate),
      name: () => trial?.name ?? '',
      user: () => trial?.user ?? '',
      seconds: () => String(Math.ceil(((trial?.expiresAt ?? 0) - clock.now()) / 1000)),
      line: () => line,
    };
    return text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name]?.() ?? whole);
  }
}

/** The device that a script describes, for the simulator to serve. */
export const scripted =
  (script: ScriptedDevice): Platform =>
  (device, { config }): Box => {
    device.running = treeOf(config.split('\n').filter((line) => line.trim() !== ''));
    device.startup = cloneTree(device.running);
    const candidates = new Map<ScriptedCli, string[]>();
    return {
      style: { enter: '\r\n', newline: '\r\n', more: '--More--', help: '' },
      bgp: new BgpTable(device, () => []),
      banner: () => '',
      greeting: () => script.greeting ?? '',
      cli: (login) => new ScriptedCli(script, device, login, candidates),
      text: (from) => textOf(linesOf(device[from])),
      sessions: () => [...candidates.keys()].map((_, at) => `candidate ${at + 1}`),
      foreign: (_, user) => device.arm('by-hand', device.login(user, 'ssh', undefined), 600, cloneTree(device.running)),
      reboot: () => {
        device.disarm();
        device.apply(cloneTree(device.startup), 'system');
      },
    };
  };
