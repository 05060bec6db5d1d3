import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadInventory } from '../../core/inventory/inventory.ts';
import { bench } from '../../lab/proof/bench.ts';
import { scripted } from '../../lab/proof/scripted/box.ts';
import type { Driver } from '../../runners/driver.ts';
import { loadDrivers } from '../../runners/drivers/outside/load.ts';
import { compileDriver } from '../../runners/drivers/outside/typescript.ts';
import { driverFor } from '../../runners/drivers/registry.ts';
import { shown, shownProof } from '../drivers/outside/acme.ts';
import { folderOfAll } from '../folder.ts';
import { plumb } from '../unit/cli/terminal.ts';

const folder = folderOfAll('outside');
let acme: Driver;

const file = async (name: string, text: string): Promise<string> => {
  const path = join(folder, name);
  await mkdir(folder, { recursive: true });
  await writeFile(path, text);
  return path;
};
const loaded = async (name: string, text: string) => loadDrivers([await file(name, text)], join(folder, '.plumb'));
const inventory = (platform: string) =>
  file(
    'inventory.yml',
    `site: dc1\nlab: true\ndefaults: {platform: ${platform}}\ndevices: {switch1: {host: 127.0.0.1}}\n`,
  );

beforeAll(async () => {
  await expect(loadInventory(await inventory('acme_os'))).rejects.toThrow('expected one of eos, ');
  [acme] = (await loaded('acme-os.ts', await shown('acme-os.ts'))) as [Driver];
});

describe('the platform that docs/add-a-platform.md shows', () => {
  it('is a word of the inventory from then on, also for who mistypes it', async () => {
    expect(driverFor('acme_os')).toBe(acme);
    expect((await loadInventory(await inventory('acme_os'))).devices.get('switch1')?.platform).toBe('acme_os');
    await expect(loadInventory(await inventory('acme_so'))).rejects.toThrow('did you mean "acme_os"?');
  });

  it('is kept true to its intended configuration by `plumb up`', async () => {
    const { device, after } = await shownProof(folder);
    const platform = { name: 'acme_os', make: scripted(device) };
    await using switch1 = await bench(acme, 'ssh', { platform, config: device.config });
    const { knownHosts, device: at } = switch1.target;
    const login = 'credentials: {username: admin, password: {literal: admin}}';
    await inventory(`acme_os, port: ${at.port}, policy: {firstDeployment: auto}, ${login}`);
    await mkdir(join(folder, 'intended', 'configs'), { recursive: true });
    await file('intended/configs/switch1.cfg', after);
    const env = { PLUMB_KNOWN_HOSTS: knownHosts };
    const up = ['up', '--once', '--api-port', '0', '--driver', join(folder, 'acme-os.ts')];
    const { code, out } = await plumb(folder, up, { env });
    expect(out).toMatch(/^\+ntp server 192\.0\.2\.2$/m);
    expect(out).toMatch(/^switch1 +acme_os +in_sync /m);
    expect(code).toBe(0);
    expect(switch1.sim.startup).toBe('hostname switch1\nntp server 192.0.2.2\n');
  });
});

describe('a driver from a file', () => {
  it('has named what it lacks', async () => {
    const incomplete = `export default ({ cliDriver }) => cliDriver({ platform: 'half', leave: 'end', cli: { setup: [] } });`;
    await expect(loaded('half.mjs', incomplete)).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringMatching(
        /half\.mjs: .*"cli.prompt" is missing \(a regular expression\).*"load" is missing/,
      ),
    });
    const object = `export default { platform: 'Half OS', open() {}, capabilities: { trial: 'yes', transports: [] } };`;
    await expect(loaded('object.mjs', object)).rejects.toThrow(
      /"normalise" is missing.*platform "Half OS" must be.*trial: expected one of native.*found "yes"/,
    );
    await expect(loaded('nothing.mjs', 'export const driver = 1;')).rejects.toThrow('it exports no default');
  });

  it('may not take the name of another', async () => {
    const eos = `export default ({ commandDriver }) => commandDriver({ platform: 'eos', leave: 'end', hostname: /x/, volatile: /x/,
      cli: { prompt: /#$/, errors: [], setup: [] }, show: { running: 'show run' }, rules: { drop: /^!/ }, tested: 'no', notes: [] });`;
    await expect(loaded('eos.mjs', eos)).rejects.toThrow('platform "eos" already has a driver');
  });

  it('is told where it does not load, does not compile or is not there', async () => {
    await expect(loaded('throws.mjs', 'throw new Error("out of ink");')).rejects.toThrow(/throws\.mjs: .*out of ink/);
    await expect(loadDrivers([join(folder, 'none.mjs')], folder)).rejects.toThrow('there is no such file');
    await expect(loaded('driver.py', '')).rejects.toThrow('not a .js, .mjs or .ts file');
    const wrong = await file('wrong.ts', 'export default (: number) => 1;\n');
    await expect(compileDriver(wrong, join(folder, 'out'))).rejects.toThrow(
      /wrong\.ts: it does not compile: wrong\.ts\(1,/,
    );
  });

  it('in TypeScript is refused where no compiler can read it, and else compiled once', async () => {
    const path = await file('typed.ts', 'export default 1 as number;\n');
    await expect(compileDriver(path, join(folder, 'out'), () => undefined)).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining('typed.ts: Node '),
      hint: expect.stringContaining('.mjs'),
    });
    const made = await compileDriver(path, join(folder, 'out'));
    expect(await readFile(made, 'utf8')).toBe('export default 1;\n');
    expect(await readdir(join(folder, 'out'))).toEqual([basename(made)]);
  });

  it('is named on the command line, and shown with the other platforms', async () => {
    const path = await file(
      'only-asked.mjs',
      `export default ({ commandDriver }) => commandDriver({ platform: 'only_asked', leave: 'end', hostname: /x/, volatile: /x/,
      cli: { prompt: /#$/, errors: [], setup: [] }, show: { running: 'show run' }, rules: { drop: /^!/ }, tested: 'no', notes: [] });`,
    );
    const { out, code } = await plumb(folder, ['platforms', 'only_asked', '--driver', path, '-o', 'json']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ items: [{ platform: 'only_asked', trial: 'none' }] });
    const wrong = await plumb(folder, ['platforms'], { env: { PLUMB_DRIVERS: 'missing.mjs' } });
    expect(wrong.code).toBe(2);
    expect(wrong.err).toContain('missing.mjs: a driver cannot be loaded');
  });
});
