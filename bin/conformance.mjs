// npm run test:conformance: clients that people use (NAPALM, netmiko, scrapli, scrapli-cfg), from PyPI, drive the simulated devices.
// Where Python or the package index cannot be had, it says so and is skipped.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { root, setUp } from './setup.mjs';

const run = promisify(execFile);
const packages = ['napalm', 'netmiko', 'scrapli<2026', 'scrapli-cfg', 'paramiko']; // scrapli-cfg does not know the rewritten scrapli yet
const folder = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'plumbline', 'conformance');
const python = join(folder, 'bin', 'python');

/** Makes the virtual environment. @returns why it cannot be had */
const prepare = async () => {
  try {
    await run('python3', ['-m', 'venv', '--help']);
  } catch {
    return 'python3 with venv is not installed';
  }
  try {
    await mkdir(folder, { recursive: true });
    if (!existsSync(python)) await run('python3', ['-m', 'venv', folder]);
    const probe = 'import napalm, netmiko, scrapli, scrapli_cfg, paramiko; from scrapli import Scrapli';
    await run(python, ['-c', probe]).catch(() =>
      run(python, ['-m', 'pip', 'install', '--quiet', ...packages], { timeout: 300_000 }),
    );
    await run(python, ['-c', probe]);
    return undefined;
  } catch (error) {
    return `the clients cannot be installed from the Python package index: ${String(error.stderr || error.message)
      .trim()
      .split('\n')
      .at(-1)}`;
  }
};

const configOf = (platform) =>
  platform === 'eos'
    ? join(root, 'examples/eos/intended/configs/leaf1.cfg')
    : join(root, `test/conformance/configs/${platform}.cfg`);

/** What the clients speak besides SSH. */
const services = { eos: ['--eapi'], iosxr: ['--netconf'], junos: ['--netconf'] };

/** Runs one simulated device and drives it. @returns true when every client was content */
const drive = async (platform) => {
  const sim = spawn(
    process.execPath,
    [
      join(root, 'dist/cli/main.js'),
      'sim',
      '--platform',
      platform,
      '--config',
      configOf(platform),
      '--ssh',
      '0',
      ...(services[platform] ?? []).flatMap((service) => [service, '0']),
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  try {
    const [ports] = await Promise.race([
      once(createInterface({ input: sim.stdout }), 'line'),
      once(sim, 'exit').then(() => Promise.reject(new Error(`the simulated ${platform} did not start`))),
    ]);
    const client = spawn(
      python,
      ['-W', 'ignore', join(root, 'test/conformance/clients.py'), platform, ports, configOf(platform)],
      { stdio: ['ignore', 'inherit', 'inherit'] },
    );
    const [code] = await once(client, 'exit');
    return code === 0;
  } finally {
    sim.kill('SIGTERM');
  }
};

process.stderr.write(setUp(undefined) ?? '');
const reason = await prepare();
if (reason !== undefined) console.log(`skipped: ${reason}`);
else {
  const wanted = process.argv.slice(2);
  const platforms = ['eos', 'ios', 'nxos', 'iosxr', 'junos'].filter(
    (name) => wanted.length === 0 || wanted.includes(name),
  );
  let good = true;
  for (const platform of platforms) good = (await drive(platform)) && good;
  process.exitCode = good ? 0 : 1;
}
