import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { LabRouter } from '../lab/frr/topology.ts';

/** A shell on a router's console, as a person has it open: send a line, wait until it is done. */
export class Console implements Disposable {
  readonly #shell;
  readonly #lines;

  constructor({ namespace }: LabRouter) {
    this.#shell = spawn('ip', ['netns', 'exec', namespace, 'sh'], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#lines = createInterface({ input: this.#shell.stdout })[Symbol.asyncIterator]();
  }

  /** @returns milliseconds that the command took @throws Error when it failed */
  async run(command: string): Promise<number> {
    const startedMs = performance.now();
    this.#shell.stdin.write(`{ ${command}; } >/dev/null 2>&1; echo "done $?"\n`);
    for (;;) {
      const { value, done } = await this.#lines.next();
      if (done) throw new Error('the shell ended');
      if (value === 'done 0') return performance.now() - startedMs;
      if (value.startsWith('done ')) throw new Error(`${command}: ${value}`);
    }
  }

  [Symbol.dispose](): void {
    this.#shell.stdin.end();
  }
}

/** The same steps as a deployment, by hand: check, compare, apply, save. @returns milliseconds until applied and until saved */
export const deployByHand = async (
  shell: Console,
  { pathspace }: LabRouter,
  file: string,
): Promise<{ applied: number; saved: number }> => {
  const reload = `/usr/lib/frr/frr-reload.py --pathspace ${pathspace} --confdir /etc/frr/${pathspace} --stdout`;
  let applied = await shell.run(`vtysh -N ${pathspace} -C -f ${file}`);
  applied += await shell.run(`${reload} --test ${file}`);
  applied += await shell.run(`${reload} --reload ${file}`);
  return { applied, saved: applied + (await shell.run(`vtysh -N ${pathspace} -w`)) };
};
