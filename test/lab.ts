import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { type Device, defaultPolicy } from '../core/inventory/schema.ts';
import { labProblem } from '../lab/frr/prerequisites.ts';
import { sh } from '../lab/frr/shell.ts';
import type { LabRouter, RouterName } from '../lab/frr/topology.ts';
import { type Lab, labUp } from '../lab/frr/up.ts';
import type { Session, Target } from '../runners/driver.ts';
import { driverFor } from '../runners/drivers/registry.ts';

/** The lab of one test file, with hands on its routers that do not go through our own driver. */
export type TestLab = Lab & {
  /** Temporary folder, gone with the lab. */
  folder: string;
  router(name: RouterName): LabRouter;
  /** As it stands in an inventory. */
  device(name: RouterName): Device;
  target(name: RouterName): Target;
  /** Runs commands in vtysh on the router, from its console. */
  vtysh(name: RouterName, ...commands: string[]): Promise<string>;
  runningConfig(name: RouterName): Promise<string>;
  startupConfig(name: RouterName): Promise<string>;
  /** A shell command on the router's console; $PS is its path space. */
  console(name: RouterName, script: string): Promise<string>;
  openSession(name: RouterName): Promise<Session>;
};

/** Brings up three routers for a test file. @param daemons besides zebra, staticd and bgpd */
export const labForTest = async (daemons: readonly string[] = []): Promise<TestLab> => {
  const folder = await mkdtemp(join(tmpdir(), 'plumb-lab-'));
  const knownHosts = join(folder, 'known_hosts');
  const lab = await labUp({ folder: join(folder, 'lab'), knownHosts, daemons }).catch(async (error) => {
    await rm(folder, { recursive: true });
    throw error;
  });
  const key = await readFile(lab.key, 'utf8');
  const router = (name: RouterName): LabRouter => {
    const found = lab.routers.find((one) => one.name === name);
    if (!found) throw new Error(`no router ${name}`);
    return found;
  };
  const device = (name: RouterName): Device => ({
    name,
    host: router(name).host,
    platform: 'frr',
    transport: undefined,
    port: undefined,
    credentials: { username: lab.username, key: { file: lab.key } },
    role: undefined,
    groups: [],
    vars: {},
    policy: defaultPolicy,
    options: { pathspace: router(name).pathspace },
  });
  const target = (name: RouterName): Target => ({
    device: device(name),
    credentials: { username: lab.username, key },
    knownHosts,
  });
  const onRouter = async (name: RouterName, script: string) => {
    const { namespace, pathspace } = router(name);
    const whole = 'HOME=$5 PS=$2 ip netns exec "$1" unshare --uts sh -c "hostname $3; $4"';
    const { code, output } = await sh(whole, [namespace, pathspace, name, script, folder]); // vtysh writes to its home
    if (code !== 0) throw new Error(`${name}: ${script}: ${output}`);
    return output;
  };
  const vtysh = async (name: RouterName, ...commands: string[]) => {
    const quoted = commands.map((command) => `-c '${command.replaceAll("'", "'\\''")}'`);
    return onRouter(name, `vtysh -N ${router(name).pathspace} ${quoted.join(' ')}`);
  };
  return {
    ...lab,
    folder,
    router,
    device,
    target,
    vtysh,
    runningConfig: (name) => vtysh(name, 'show running-config no-header'),
    startupConfig: (name) => readFile(`/etc/frr/${router(name).pathspace}/frr.conf`, 'utf8'),
    console: onRouter,
    openSession: (name) => driverFor('frr').open(target(name), AbortSignal.timeout(20_000)),
    [Symbol.asyncDispose]: async () => {
      await lab[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
};

const problem = await labProblem();

/** A `describe` that is skipped, with the reason, where the lab cannot run; with CI=true that is a failure. */
export const describeLab = (title: string, tests: () => void): void => {
  if (!problem) describe(title, tests);
  else if (process.env.CI === 'true') {
    describe(title, () => {
      it('has a lab to run on', () => {
        throw problem;
      });
    });
  } else describe.skip(`${title} (skipped: ${problem.message})`, tests);
};
