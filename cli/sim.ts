import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import { Command, InvalidArgumentError, Option } from 'commander';
import { PlumbError } from '../core/errors.ts';
import { serveControl } from '../lab/sim/control.ts';
import type { Faults } from '../lab/sim/faults.ts';
import { type PlatformName, platforms } from '../lab/sim/platforms.ts';
import { type Ports, type Sim, startSim } from '../lab/sim/sim.ts';
import { newHostKey } from '../lab/sim/ssh.ts';
import type { Verb } from './context.ts';

type Options = {
  platform: PlatformName;
  config: string;
  listen: string;
  user: string;
  password: string;
  enablePassword?: string;
  hostKey?: string;
  count: number;
  portStep: number;
  control?: string;
  fault: Partial<Faults>;
  foreign?: 'session' | 'lock';
  timeScale: number;
} & Ports;

const whole = (text: string): number => {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0) throw new InvalidArgumentError('a whole number, please.');
  return number;
};

/** `rttMs=200`, `drop={"match":"^commit","when":"after"}`, `fullFlash`. */
const fault = (text: string, faults: Partial<Faults>): Partial<Faults> => {
  const [, name = '', given] = /^(\w+)(?:=(.*))?$/s.exec(text) ?? [];
  if (
    !/^(?:rttMs|bytesPerSecond|drop|refuse|failCommit|fullFlash|halfOpen|lookalike|deny|slow|eapiSessionSeconds|eapiNoLogin|commitMs)$/.test(
      name,
    )
  )
    throw new InvalidArgumentError('see docs/sim.md for the faults.');
  let setting: unknown = given ?? true;
  try {
    setting = given === undefined ? true : JSON.parse(given);
  } catch {
    // a bare text, as for failCommit
  }
  return { ...faults, [name]: setting };
};

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

const read = (path: string): Promise<string> =>
  readFile(path, 'utf8').catch((cause) => {
    throw new PlumbError('invalid_request', `${path} cannot be read`, { cause, hint: 'Name a file that exists.' });
  });

/** `plumb sim`: simulated devices, alone. */
export const simVerb: Verb = (context) =>
  new Command('sim')
    .summary('simulated devices, alone')
    .description('Run simulated devices to try things on.')
    .addOption(
      new Option('--platform <platform>', 'which operating system')
        .choices(Object.keys(platforms))
        .makeOptionMandatory(),
    )
    .requiredOption('--config <file>', 'the configuration that they boot with; %d becomes the number of the device')
    .option('--listen <address>', 'where to listen', '127.0.0.1')
    .option('--ssh <port>', 'SSH; 0 takes any port', whole)
    .option('--eapi <port>', 'eAPI over HTTPS', whole)
    .option('--netconf <port>', 'NETCONF over SSH', whole)
    .option('--telnet <port>', 'telnet', whole)
    .option('--user <name>', 'who may log in', 'admin')
    .option('--password <text>', 'with what', 'admin')
    .option('--enable-password <text>', 'what `enable` asks for')
    .option('--host-key <file>', 'an OpenSSH private key; made anew when left out')
    .option('--count <number>', 'how many devices', whole, 1)
    .option('--port-step <number>', 'from one device to the next', whole, 1)
    .option('--control <socket>', 'a unix socket to change faults and sessions at run time')
    .option('--fault <name=value>', 'what goes wrong, as docs/sim.md lists it; may be repeated', fault, {})
    .addOption(new Option('--foreign <what>', 'someone else is at work on it').choices(['session', 'lock']))
    .option('--time-scale <factor>', 'seconds of the device in one real second', Number, 1)
    .addHelpText('after', '\nExample:\n  $ plumb sim --platform eos --config leaf1.cfg --ssh 2201 --eapi 4431\n')
    .action(async (options: Options) => {
      const hostKey = options.hostKey === undefined ? newHostKey() : await read(options.hostKey);
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
          const sim = await startSim({
            platform,
            config,
            listen,
            user,
            password,
            hostKey,
            timeScale,
            ports,
            faults: options.fault,
            ...(enablePassword === undefined ? {} : { enablePassword }),
          });
          if (options.foreign) sim.box.foreign(options.foreign, 'someone');
          sims.push(sim);
        }
        const server = options.control === undefined ? undefined : await serveControl(sims, options.control);
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
