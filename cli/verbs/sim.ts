import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import { Command, Option } from 'commander';
import ssh2 from 'ssh2';
import { PlumbError } from '../../core/errors.ts';
import { serveControl } from '../../lab/sim/control.ts';
import type { Faults } from '../../lab/sim/faults.ts';
import { type PlatformName, platforms } from '../../lab/sim/platforms.ts';
import { newHostKey } from '../../lab/sim/protocols/ssh.ts';
import { type Ports, type Sim, startSim } from '../../lab/sim/sim.ts';
import type { Context, Verb } from '../context.ts';
import { simulateInventory } from '../sim/of-inventory.ts';
import { count, fault, port, positive, whole } from '../sim/options.ts';

const { utils } = ssh2; // a CommonJS package

type Asked = { platform?: PlatformName; config?: string };

type Options = {
  platform: PlatformName;
  config: string;
  listen: string;
  user: string;
  password: string;
  enablePassword?: string;
  hostKey?: string;
  authorizedKeys?: string;
  count: number;
  portStep: number;
  control?: string;
  fault?: Partial<Faults>;
  foreign?: 'session' | 'lock';
  timeScale: number;
} & Ports;

const portsOf = (options: Options, at: number): Ports => {
  const step = (port: number | undefined) =>
    port === undefined ? undefined : port === 0 ? 0 : port + at * options.portStep;
  const wanted = {
    ssh: step(options.ssh),
    eapi: step(options.eapi),
    netconf: step(options.netconf),
    telnet: step(options.telnet),
  };
  return Object.fromEntries(Object.entries(wanted).filter(([, port]) => port !== undefined));
};

/** Why a device could not be started, in terms of the command line. */
const explained = (cause: unknown, what: string): unknown => {
  const { code } = cause as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE')
    return new PlumbError('invalid_request', `${what}: the address is in use`, {
      cause,
      hint: 'Name another port, or 0 for a free one; a larger --port-step keeps the ports of several services apart.',
    });
  if (code === undefined || !/^(?:EACCES|EADDRNOTAVAIL|ENOTFOUND|ENOENT|EINVAL|ERR_SOCKET_BAD_PORT)$/.test(code))
    return cause;
  return new PlumbError('invalid_request', `${what}: ${(cause as Error).message}`, { cause });
};

/** Says which lines a device did not understand. @throws PlumbError when it understood none */
const tellMisread = (sim: Sim, file: string, err: (text: string) => void): void => {
  const { misread, running } = sim.device;
  const said = misread.slice(0, 5).map(({ line, text }) => `${file}: line ${line}: "${text.trim()}" is not understood`);
  if (misread.length > 0 && running.children.length === 0)
    throw new PlumbError('invalid_request', said[0] ?? file, { hint: `Is it a configuration of ${sim.platform}?` });
  if (misread.length > 5) said.push(`${file}: so are ${misread.length - 5} more lines`);
  for (const line of said) err(`${line}; left out\n`);
};

const read = (path: string): Promise<string> =>
  readFile(path, 'utf8').catch((cause) => {
    throw new PlumbError('invalid_request', `${path} cannot be read`, { cause, hint: 'Name a file that exists.' });
  });

/** Those of the inventory, until it is stopped. */
const runInventory = async (context: Context): Promise<void> => {
  const started = await simulateInventory(context);
  try {
    for (const { name, sim } of started) {
      const [[transport, at] = []] = Object.entries(sim.ports);
      context.out(`${name}  ${sim.platform}, ${transport} on ${sim.host}:${at}\n`);
    }
    context.err('simulated until Ctrl-C\n');
    if (!context.signal.aborted) await once(context.signal, 'abort');
  } finally {
    for (const { sim } of started) await sim[Symbol.asyncDispose]();
  }
};

/** `plumb sim`: simulated devices on their own. */
export const simVerb: Verb = (context) =>
  new Command('sim')
    .description(
      "Run simulated devices to try things on: those of a lab's inventory, or any other with --platform and --config.",
    )
    .addOption(new Option('--platform <platform>', 'operating system').choices(Object.keys(platforms)))
    .option('--config <file>', 'the configuration they boot with; %d becomes the number of the device')
    .option('--listen <address>', 'where to listen', '127.0.0.1')
    .option('--ssh <port>', 'SSH; 0 picks a free port', port)
    .option('--eapi <port>', 'eAPI over HTTPS', port)
    .option('--netconf <port>', 'NETCONF over SSH', port)
    .option('--telnet <port>', 'telnet', port)
    .option('--user <name>', 'user name that may log in', 'admin')
    .option('--password <text>', 'password for it', 'admin')
    .option('--enable-password <text>', 'password for `enable`')
    .option('--authorized-keys <file>', 'public keys that may log in as well, one per line')
    .option('--host-key <file>', 'an OpenSSH private key; default: a new one')
    .option('--count <number>', 'how many devices', count, 1)
    .option('--port-step <number>', 'distance between the ports of two devices', whole, 1)
    .option('--control <socket>', 'a Unix socket for changing faults and sessions at run time')
    .option('--fault <name=value>', 'what goes wrong, see docs/sim.md; repeatable', fault)
    .addOption(new Option('--foreign <what>', 'someone else is working on it').choices(['session', 'lock']))
    .option('--time-scale <factor>', 'seconds that pass on the device per real second', positive, 1)
    .addHelpText(
      'after',
      `
Without --platform and --config: the devices of an inventory with \`lab: true\`, each on its port of 127.0.0.1,
with its login, booted with its intended configuration; their host keys are pinned.

Example:
  $ plumb sim
  $ plumb sim --platform eos --config leaf1.cfg --ssh 2201 --eapi 4431`,
    )
    .action(async (asked: Asked & Omit<Options, keyof Asked>) => {
      const { platform, config } = asked;
      if (platform === undefined && config === undefined) return runInventory(context);
      if (platform === undefined || config === undefined)
        throw new PlumbError('invalid_request', `--${platform === undefined ? 'platform' : 'config'} is missing`, {
          hint: 'a single device needs --platform and --config; without either, the devices of the inventory are simulated',
        });
      const options: Options = { ...asked, platform, config };
      const hostKey = options.hostKey === undefined ? newHostKey() : await read(options.hostKey);
      if (utils.parseKey(hostKey) instanceof Error)
        throw new PlumbError('invalid_request', `${options.hostKey} is not an OpenSSH private key`);
      const keys = options.authorizedKeys === undefined ? '' : await read(options.authorizedKeys);
      const authorizedKeys = keys.split('\n').filter((line) => /^\s*(?:ssh|ecdsa)-/.test(line));
      const sims: Sim[] = [];
      const none =
        options.ssh === undefined &&
        options.eapi === undefined &&
        options.netconf === undefined &&
        options.telnet === undefined;
      try {
        for (let at = 0; at < options.count; at++) {
          const config = await read(options.config.replace('%d', String(at)));
          const { platform, listen, user, password, enablePassword, timeScale } = options;
          const ports = none ? { ssh: 0 } : portsOf(options, at);
          const service = Object.entries(ports).map(([name, at]) => `--${name} ${at}`);
          const sim = await startSim({
            platform,
            config,
            listen,
            user,
            password,
            hostKey,
            authorizedKeys,
            timeScale,
            ports,
            faults: options.fault ?? {},
            enablePassword,
          }).catch((cause) => {
            throw explained(cause, `${listen}, ${service.join(' ')}`);
          });
          sims.push(sim);
          if (at === 0) tellMisread(sim, options.config, context.err);
          if (options.foreign) sim.box.foreign(options.foreign, 'someone');
        }
        const { control } = options;
        const server =
          control === undefined
            ? undefined
            : await serveControl(sims, control).catch((cause) => {
                throw explained(cause, `--control ${control}`);
              });
        const [first] = sims;
        context.out(
          `${JSON.stringify({ platform: options.platform, listen: options.listen, ...first?.ports, hostKey: first?.hostKey, ...(options.control === undefined ? {} : { control: options.control }), devices: sims.map(({ ports }) => ports) })}\n`,
        );
        if (!context.signal.aborted) await once(context.signal, 'abort');
        server?.close();
        if (options.control !== undefined) await rm(options.control, { force: true });
      } finally {
        for (const sim of sims) await sim[Symbol.asyncDispose]();
      }
    });
