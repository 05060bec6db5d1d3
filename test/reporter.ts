import { readFileSync } from 'node:fs';
import type { Reporter, TestModule, Vitest } from 'vitest/node';

/** Tells which tests were skipped and why, and with CI=true fails because of them; those that -t left out are not meant. */
export default class Skipped implements Reporter {
  #vitest: Vitest | undefined;

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
  }

  async onTestRunEnd(modules: readonly TestModule[]): Promise<void> {
    if (this.#vitest?.config.testNamePattern) return;
    const skipped = modules.flatMap((module) =>
      [...module.children.allTests('skipped')].map((test) => {
        const result = test.result();
        const note = result.state === 'skipped' ? result.note : undefined;
        return `skipped: ${module.relativeModuleId}: ${test.fullName}${note ? `: ${note}` : ''}\n`;
      }),
    );
    process.stderr.write(skipped.join(''));
    if (skipped.length > 0 && process.env.CI === 'true') {
      process.stderr.write('CI=true allows no skipped test\n');
      process.exitCode = 1;
    }
    await this.#countCaptured(modules.filter(({ project }) => project.name === 'captured'));
  }

  /** Where there are no captured outputs, npm run test:captured tells from this number what it leaves out. */
  async #countCaptured(modules: readonly TestModule[]): Promise<void> {
    const all = await modules[0]?.project.globTestFiles();
    if (all?.testFiles.length !== modules.length) return;
    const cases = modules.reduce((sum, module) => sum + [...module.children.allTests()].length, 0);
    const said = Number(readFileSync(new URL('captured/cases', import.meta.url), 'utf8'));
    if (said !== cases) process.stderr.write(`test/captured/cases says ${said} cases, and there are ${cases}\n`);
  }
}
