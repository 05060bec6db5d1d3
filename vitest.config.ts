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

// Tests wait for timers, leases, processes and routers; a worker and what it starts work ten seconds of a minute.
const atOnce = Math.min(3 * availableParallelism(), 24);

// What takes minutes takes more of the machine.
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
          maxWorkers: atOnce,
          testTimeout: 120_000, // what waits for a job gives up before that, and says at which step it was
          hookTimeout: 120_000, // a server or a repository is as slow to come as the machine
        },
      },
      {
        plugins: [inside],
        test: {
          ...onRouters,
          ...guarded,
          ...together,
          maxWorkers: atOnce,
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
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          ...onRouters,
          name: 'long',
          include: ['test/long/**/*.test.ts'],
          testTimeout: 240_000, // a trial may take three minutes, and whoever shows it is waited for as long
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
