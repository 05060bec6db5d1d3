import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Where vitest has never run it knows no times and goes by size: what takes minutes would be begun last. */
class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isShort = ({ moduleId }: TestSpecification) =>
      !/\/(?:kill|kill-platforms|frr-load|frr-trial)\.test\.ts$/.test(moduleId);
    return (await super.sort(files)).sort((a, b) => Number(isShort(a)) - Number(isShort(b)));
  }
}

// unit: no network but loopback. integration: real routers and servers; each file has a lab of its own, so some run at once.
export default defineConfig({
  test: {
    globalSetup: 'test/one-folder.ts',
    sequence: { sequencer: LongFirst },
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts', 'test/drivers/**/*.test.ts'],
          maxWorkers: '100%', // vitest leaves one core to itself: on two, half of the machine
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          maxWorkers: 3, // they wait more than they work
          sequence: { groupOrder: 1 }, // after the unit tests, which take the whole machine
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
