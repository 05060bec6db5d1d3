// npm run test:conformance: clients that people use, from PyPI, drive the simulated devices: NAPALM, netmiko, scrapli-cfg, pyeapi, ncclient,
// junos-eznc, paramiko, Ansible with its collections, nornir. Prints a JSON line for each that was tried.
// Where Python or the package index cannot be had, it says so and is skipped.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { root, setUp } from './setup.mjs';

const run = promisify(execFile);
const packages = [
  ...['napalm', 'netmiko', 'scrapli<2026', 'scrapli-cfg', 'paramiko', 'pyeapi', 'ncclient', 'junos-eznc'], // scrapli-cfg does not know the rewritten scrapli yet
  ...['ansible', 'ansible-pylibssh', 'nornir', 'nornir-napalm', 'nornir-netmiko'],
];
const folder = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'plumbline', 'conformance');
const python = join(folder, 'bin', 'python');
const suite = join(root, 'test/conformance');

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
    const modules = [
      'napalm',
      'netmiko',
      'scrapli_cfg',
      'paramiko',
      'pyeapi',
      'ncclient',
      'jnpr.junos',
      'nornir_napalm',
    ];
    const more = ['nornir_netmiko', 'pylibsshext', 'ansible_collections.junipernetworks.junos'];
    const probe = `from scrapli import Scrapli; import ${[...modules, ...more].join(', ')}`;
    await run(python, ['-c', probe]).catch(() =>
      run(python, ['-m', 'pip', 'install', '--quiet', ...packages], { timeout: 600_000 }),
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
  platform === 'eos' ? join(root, 'examples/eos/intended/configs/leaf1.cfg') : join(suite, `configs/${platform}.cfg`);

/** What the clients speak besides SSH. */
const services = { eos: ['--eapi'], iosxr: ['--netconf'], junos: ['--netconf'] };

/** Starts a simulated device. @returns its ports; it ends with its scope */
const simulate = async (platform) => {
  const more = (services[platform] ?? []).flatMap((service) => [service, '0']);
  const flags = ['--platform', platform, '--config', configOf(platform), '--ssh', '0', ...more];
  const sim = spawn(process.execPath, [join(root, 'dist/cli/main.js'), 'sim', ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [ports] = await Promise.race([
    once(createInterface({ input: sim.stdout }), 'line'),
    once(sim, 'exit').then(() => Promise.reject(new Error(`the simulated ${platform} did not start`))),
  ]);
  return { platform, ports, end: () => sim.kill('SIGTERM') };
};

const withDevices = async (wanted, drive) => {
  const devices = await Promise.all(wanted.map(simulate));
  try {
    return await drive(devices);
  } finally {
    for (const { end } of devices) end();
  }
};

/** Runs a program of Python's. @returns true when it ended well */
const runPython = async (args, env = {}) => {
  const child = spawn(python, ['-W', 'ignore', ...args], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...env },
  });
  const [code] = await once(child, 'exit');
  return code === 0;
};

/** The clients of one device, one after the other. */
const clients = (platform) => () =>
  withDevices([platform], ([{ ports }]) => runPython([join(suite, 'clients.py'), platform, ports, configOf(platform)]));

const nornir = (wanted) => () =>
  withDevices(wanted, (devices) => {
    const ports = Object.fromEntries(devices.map((one) => [one.platform, JSON.parse(one.ports)]));
    return runPython([join(suite, 'nornir_all.py'), JSON.stringify(ports)]);
  });

const systems = {
  eos: 'arista.eos.eos',
  ios: 'cisco.ios.ios',
  iosxr: 'cisco.iosxr.iosxr',
  nxos: 'cisco.nxos.nxos',
  junos: 'junipernetworks.junos.junos',
};

/** What a playbook changes on each. */
const changes = {
  eos: { parents: 'interface Ethernet2', lines: ['description by ansible'] },
  ios: { parents: 'interface GigabitEthernet2', lines: ['description by ansible'] },
  iosxr: { parents: 'interface GigabitEthernet0/0/0/0', lines: ['description by ansible'] },
  nxos: { parents: 'interface Ethernet1/2', lines: ['description by ansible'] },
  junos: { lines: ['set interfaces ge-0/0/0 description "by ansible"'] },
};

/** One play over all of them; each leaves a backup of what was there before. */
const ansible = (wanted) => () =>
  withDevices(wanted, async (devices) => {
    const { stdout: truth } = await run(python, ['-c', 'import json, truth; print(json.dumps(truth.TRUTH))'], {
      cwd: suite,
    });
    const work = await mkdtemp(join(tmpdir(), 'plumb-ansible-'));
    try {
      const hosts = devices.map(({ platform, ports }) => {
        const { ssh, netconf } = JSON.parse(ports);
        const byNetconf = platform === 'junos';
        const variables = {
          ansible_network_os: systems[platform],
          ansible_connection: `ansible.netcommon.${byNetconf ? 'netconf' : 'network_cli'}`,
          ansible_port: byNetconf ? netconf : ssh,
          ...(platform === 'eos' ? { ansible_become: true, ansible_become_method: 'ansible.netcommon.enable' } : {}),
          truth: JSON.parse(truth)[platform],
          change: { ...changes[platform], backup: true, backup_options: { dir_path: work } },
          again: changes[platform],
        };
        return [platform, variables];
      });
      const login = { ansible_host: '127.0.0.1', ansible_user: 'admin', ansible_password: 'admin' };
      const vars = { ...login, ansible_become_password: 'admin', ansible_network_cli_ssh_type: 'libssh' };
      await writeFile(join(work, 'hosts.json'), JSON.stringify({ all: { hosts: Object.fromEntries(hosts), vars } }));
      const playbook = ['playbook', '-i', join(work, 'hosts.json'), join(suite, 'ansible.yml')];
      const quiet = { ANSIBLE_HOST_KEY_CHECKING: 'False', ANSIBLE_DEPRECATION_WARNINGS: 'False' };
      const home = {
        HOME: work,
        ANSIBLE_HOME: work,
        ANSIBLE_NOCOLOR: '1',
        ANSIBLE_DISPLAY_OK_HOSTS: 'False',
        ANSIBLE_DISPLAY_SKIPPED_HOSTS: 'False',
      };
      let good = await runPython(['-m', 'ansible', ...playbook], { ...quiet, ...home });
      const files = await readdir(work);
      for (const platform of wanted) {
        const backups = files.filter((name) => name.startsWith(`${platform}_config.`)).sort();
        const first = backups.length > 0 ? await readFile(join(work, backups[0]), 'utf8') : '';
        const ok = good && first.includes(JSON.parse(truth)[platform].host) && !first.includes('by ansible');
        console.log(JSON.stringify({ platform, client: 'ansible', ok }));
        good &&= ok;
      }
      return good;
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  });

process.stderr.write(setUp(undefined) ?? '');
const reason = await prepare();
if (reason !== undefined) console.log(`skipped: ${reason}`);
else {
  const asked = process.argv.slice(2);
  const platforms = Object.keys(systems).filter((name) => asked.length === 0 || asked.includes(name));
  const jobs = [ansible(platforms), ...platforms.map(clients), nornir(platforms)];
  let good = true;
  const worker = async () => {
    for (let job = jobs.shift(); job; job = jobs.shift()) good = (await job()) && good;
  };
  await Promise.all([worker(), worker()]); // they wait more than they work
  process.exitCode = good ? 0 : 1;
}
