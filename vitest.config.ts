import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { refusal } from './test/guard/outside.mjs';
import { LongestFirst } from './test/longest-first.ts';

// What npm test runs cannot read anything beside the repository: a clone has all that it needs.
const guarded = { execArgv: ['--import', fileURLToPath(new URL('test/guard/guard.mjs', import.meta.url))] };
const inside = {
  name: 'inside',
  load: (id: string) => {
    const why = id.startsWith('/') && refusal(id);
    if (why) throw new Error(why);
  },
};

// The modules are loaded once a worker, not once a file: that was half of the time.
const together = { isolate: false, setupFiles: 'test/fresh.ts' };

// What is looked at again until it is so; vitest's second is short for a machine that is busy with other tests.
const patient = { expect: { poll: { timeout: 10_000 } } };

// Tests wait more than they work, so more run at once than there are cores; in per cent vitest takes 100 at most.
const onRouters = { ...patient, maxWorkers: 3, testTimeout: 120_000, hookTimeout: 120_000 };

// unit: no network but loopback. integration: real routers and servers; each file has a lab of its own, so some run at once.
// captured: needs outputs of real devices, which are no part of the project. long: what takes minutes.
export default defineConfig({
  test: {
    globalSetup: 'test/one-folder.ts',
    sequence: { sequencer: LongestFirst },
    reporters: ['./test/reporter.ts', 'default'],
    projects: [
      {
        plugins: [inside],
        test: {
          ...guarded,
          ...patient,
          name: 'unit',
          include: ['test/unit/**/*.test.ts', 'test/drivers/**/*.test.ts'],
          ...together,
          maxWorkers: 2 * availableParallelism(),
          testTimeout: 20_000,
        },
      },
      {
        plugins: [inside],
        test: {
          ...onRouters,
          ...guarded,
          ...together,
          maxWorkers: 3 * availableParallelism(), // a router's timers and a runner's leases are waited for, at no cost
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          sequence: { groupOrder: 1 }, // after the unit tests, which take the whole machine
        },
      },
      {
        test: {
          ...patient,
          name: 'captured',
          include: ['test/captured/**/*.test.ts'],
          maxWorkers: '100%',
          sequence: { groupOrder: 2 },
          testTimeout: 60_000,
        },
      },
      {
        test: {
          ...onRouters,
          name: 'long',
          include: ['test/long/**/*.test.ts'],
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
