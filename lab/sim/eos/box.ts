import { BgpTable } from '../bgp.ts';
import { dateParts } from '../clock.ts';
import type { Block } from '../config/syntax.ts';
import { child, cloneTree } from '../config/tree.ts';
import type { Device, Login } from '../device.ts';
import type { Box, BoxOptions, Cli, EapiContext, Io } from '../platform.ts';
import { eosPeers } from './bgp.ts';
import { Context, type Switch } from './context.ts';
import { read } from './exec.ts';
import { eosSpeakers } from './neighbors.ts';
import { type Prompter, runLine } from './run.ts';
import { ConfigSessions } from './sessions.ts';
import { configText, modelOf, runningText } from './text.ts';

const cliOf = (box: Switch, login: Login): Cli => {
  const context = new Context(box, login, false);
  return {
    prompt: () => context.prompt(),
    close: () => context.leave(),
    run: async (line, io) => {
      const outcome = await runLine(context, line, prompterOf(io));
      const [, what, size] = /^terminal (length|width) (\d+)$/.exec(line.trim()) ?? [];
      if (what === 'length') io.length = Number(size);
      if (what === 'width') io.width = Number(size);
      if (!('error' in outcome)) await io.page(outcome.text);
      else io.print(`% ${outcome.unknown && line.trim().split(' ').length === 1 ? 'Invalid input' : outcome.error}\n`);
    },
  };
};

const prompterOf = (io: Io): Prompter => ({
  password: () => io.ask('Password: ', { echo: false }),
  end: () => io.end(),
  body: async (block, opening) => {
    io.print(block.invites === undefined ? '' : `${block.invites}\n`);
    const lines: string[] = [];
    for (;;) {
      const line = await io.ask('');
      if (line === undefined) return undefined;
      lines.push(line);
      if (block.ends(opening, lines)) return lines;
    }
  },
});

const closed = (block: Block, opening: string, input: string): string[] => {
  const lines = input === '' ? [] : input.replace(/\n$/, '').split('\n');
  for (let tries = 0; tries < 2 && !block.ends(opening, lines); tries++) lines.push('EOF');
  return lines;
};

/** One eAPI call: privileged from the start, a block's body comes as `input`. */
const eapiOf = (box: Switch, login: Login): EapiContext => {
  const context = new Context(box, login, true);
  return {
    run: async (command, input, format) => {
      const outcome = await runLine(context, command, {
        password: async () => input,
        end: () => {},
        body: async (block, opening) => closed(block, opening, input ?? ''),
      });
      if ('error' in outcome) {
        const unknown = /^(?:Invalid|Ambiguous|Incomplete)/.test(outcome.error);
        return {
          ok: false,
          code: unknown ? 1002 : 1000,
          reason: unknown ? 'invalid command' : 'could not run command',
          errors: [outcome.error],
        };
      }
      if (format === 'json' && outcome.json === undefined && outcome.text !== '')
        return {
          ok: false,
          code: 1003,
          reason: 'unconverted command',
          errors: ['Command cannot be used over JSON at this time'],
        };
      return { ok: true, text: outcome.text, json: outcome.json ?? {} };
    },
  };
};

/** Arista EOS. */
export const eosBox = (device: Device, options: BoxOptions): Box => {
  const booted = read(options.config);
  device.running = booted.root;
  device.misread = booted.complaints;
  device.speakers = eosSpeakers;
  device.startup = cloneTree(device.running);
  const sessions = new ConfigSessions(device);
  const asks =
    options.enablePassword !== '' ||
    device.running.children.some(({ text }) => /^enable (?:secret|password)/.test(text));
  const model = modelOf(options.config);
  const bgp = new BgpTable(device, () => eosPeers(device.running));
  const box: Switch = {
    device,
    model,
    sessions,
    bgp,
    enablePassword: asks ? options.enablePassword || options.password : '',
  };
  device.onChange = () => bgp.refresh();
  const bannerText = (kind: string) =>
    (child(device.running, `banner ${kind}`)?.body ?? [])
      .slice(0, -1)
      .map((line) => `${line}\n`)
      .join('');
  return {
    style: { enter: '\r\n', newline: '\r\n', more: ' --More-- ', quote: '\x16', help: '  LINE    <cr>' },
    bgp,
    banner: () => bannerText('login'),
    greeting: () => {
      const { day, month, date, time, year } = dateParts(device.clock.now() - 60_000);
      return `${bannerText('motd')}Last login: ${day} ${month} ${String(date).padStart(2)} ${time} ${year} from 10.0.0.2\n`;
    },
    cli: (login) => cliOf(box, login),
    eapi: (login) => eapiOf(box, login),
    file: (path) => path.replace(/^(?:flash:|\/mnt\/flash)\/*/, ''),
    text: (from) => (from === 'running' ? runningText(device, model) : configText(device.startup, model)),
    sessions: () => [...sessions.all.values()].map(({ name, state, user }) => `${name} ${state} ${user}`),
    foreign: (kind, user) => {
      if (kind === 'none')
        for (const [name, session] of sessions.all) if (session.user !== options.user) sessions.all.delete(name);
      if (kind !== 'none') sessions.enter(`${user}_work`, { ...device.login(user, 'ssh', undefined) });
    },
    reboot: () => {
      device.disarm();
      device.running = cloneTree(device.startup);
      sessions.all.clear();
      bgp.reboot();
    },
  };
};
