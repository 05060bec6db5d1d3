import { defineConfig } from 'vitest/config';

// unit: no network but loopback. integration: real routers and servers; each file has a lab of its own, so some run at once.
export default defineConfig({
  test: {
    globalSetup: 'test/one-folder.ts',
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
          maxWorkers: 2,
          sequence: { groupOrder: 1 }, // after the unit tests, which take the whole machine
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
