import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claimPort, type Port } from '../../lab/port.ts';
import { newHostKey } from '../../lab/sim/protocols/ssh.ts';
import { type Sim, startSim } from '../../lab/sim/sim.ts';
import { upForTest } from '../plumb-up.ts';

let config: string;
const { folder, cfg, start } = upForTest('examples/eos', ['intended/configs/leaf1.cfg']);
let hostKey: string;
let leaf1: Sim;

let claim: Port;
const boot = (text: string) =>
  startSim({ platform: 'eos', config: text, user: 'admin', password: 'lab-only', hostKey, ports: { ssh: claim.port } });

/** The same switch with another configuration: what somebody changed on it. */
const changeByHand = async (was: string, is: string) => {
  await leaf1[Symbol.asyncDispose]();
  leaf1 = await boot(config.replace(was, is));
};

const inventory = () =>
  writeFile(
    join(folder(), 'inventory.yml'),
    `site: dc1
lab: true
defaults:
  platform: eos
  credentials: { username: admin, password: { literal: lab-only } }
  policy: { firstDeployment: auto, pollSeconds: 5 }
devices:
  leaf1: { host: 127.0.0.1, port: ${leaf1.ports.ssh} }
`,
  );

beforeEach(async () => {
  hostKey = newHostKey();
  config = await readFile(cfg('leaf1'), 'utf8');
  claim = await claimPort();
  leaf1 = await boot(config);
  await mkdir(join(folder(), '.plumb'), { mode: 0o700 });
  await writeFile(join(folder(), '.plumb', 'known_hosts'), `[127.0.0.1]:${leaf1.ports.ssh} ${leaf1.hostKey}\n`);
  await writeFile(join(folder(), 'plumbline.yml'), 'api: { port: 0 }\n');
  await inventory();
});
afterEach(async () => {
  await leaf1[Symbol.asyncDispose]();
  await claim[Symbol.asyncDispose]();
});

const deployed = async () => {
  const { code, out, err } = await start('up', '--once').ended;
  expect({ code, said: code === 0 ? '' : out + err }).toEqual({ code: 0, said: '' });
};

const stop = async (up: ReturnType<typeof start>) => {
  up.child.kill('SIGINT');
  await up.ended;
};

describe('plumb up in a repository of its own', () => {
  it('shows at once what drifted while it was away', async () => {
    await deployed();
    await changeByHand('P2P_spine1', 'P2P_nowhere');
    const up = start('up');
    await up.says(/^leaf1 +eos +out_of_sync .*drift: [\s\S]*watching intended\//m);
    await stop(up);
  });
});
