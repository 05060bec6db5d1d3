import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { startBirds } from '../../lab/bird/bird.ts';
import { type Login, startSshd } from '../../lab/login/sshd.ts';
import { startNetconfd } from '../../lab/netconfd/netconfd.ts';
import { forever, targetOf } from '../../lab/proof/target.ts';
import { bird } from '../../runners/drivers/bird/platform.ts';
import { linux } from '../../runners/drivers/linux/platform.ts';
import { netconf } from '../../runners/drivers/netconf/platform.ts';
import { lacking, sshd } from '../real.ts';
import type { Subject } from './subject.ts';

/** What the tests on real daemons and servers lack here; '' where they can run. */
export const missing = lacking([...sshd, '/usr/sbin/bird', '/usr/sbin/netconfd']);

const login = ({ folder }: Login) => ({ username: 'root', key: { file: join(folder, 'user') } });
const hostKey = ({ knownHosts }: Login) => readFileSync(knownHosts, 'utf8').trim().split(' ').slice(1).join(' ');

/** BIRD on this machine. */
export const birdSubject = async (): Promise<Subject> => {
  const lab = await startBirds();
  const mark = (number: number) => `10.7.${number % 256}.0/24`;
  const text = (number: number) =>
    lab
      .text({ routes: ['10.9.0.0/24', mark(number)] })
      .replace(/^protocol bgp two \{\n[\s\S]*?^\}\n/m, '')
      .replace(/^protocol bgp closed .*\n/m, '');
  const birdc = (...words: string[]) =>
    execFileSync('/usr/sbin/birdc', ['-s', lab.socket, ...words], { encoding: 'utf8', stdio: 'pipe' });
  const state = `bird-${lab.config.replace(/[^A-Za-z0-9]/g, '_')}`;
  writeFileSync(lab.config, text(0));
  birdc('configure');
  return {
    name: 'bird',
    title: 'BIRD (real)',
    driver: bird,
    port: lab.login.port,
    entry: {
      host: '127.0.0.1',
      platform: 'bird',
      credentials: login(lab.login),
      vars: { hostname: 'r1' },
      options: { config: lab.config, socket: lab.socket },
    },
    hostKey: () => hostKey(lab.login),
    text,
    mark,
    probe: 'show route',
    bad: { text: `${text(0)}protocol bogus {}\n`, line: text(0).split('\n').length },
    running: async () => birdc('show', 'route').replace(/ \[.*?\]/g, ''), // without the time of each route
    startup: async () => readFileSync(lab.config, 'utf8'),
    hasTrial: async () => birdc('configure', 'status').includes('undo in'),
    leftovers: async () => [
      ...readdirSync(dirname(lab.config)).filter((file) => file.startsWith(`${basename(lab.config)}.`)),
      ...(existsSync(`/run/plumbline/${state}/trial`) ? ['trial'] : []),
      ...(birdc('configure', 'status').includes('undo in') ? ['undo timer'] : []),
    ],
    expire: () => {},
    reboot: () => lab.restart(),
    foreign: async () => {
      writeFileSync(`${lab.config}.theirs`, text(99));
      birdc('configure', `"${lab.config}.theirs"`, 'timeout', '60');
      return async () => {
        birdc('configure', 'undo');
        rmSync(`${lab.config}.theirs`);
      };
    },
    changeIdentity: () => lab.login.changeHostKey(),
    [Symbol.asyncDispose]: () => lab[Symbol.asyncDispose](),
  };
};

/** netconfd on this machine. */
export const netconfSubject = async (): Promise<Subject> => {
  const server = await startNetconfd();
  const mark = (number: number) => `try-${number}-`;
  const text = (number: number, more = '') =>
    `<?xml version="1.0"?>\n<config>\n  <system xmlns="urn:ietf:params:xml:ns:yang:ietf-system">\n    <contact>${mark(number)}</contact>\n${more}  </system>\n</config>\n`;
  const target = targetOf({ platform: 'netconf', port: server.login.port }, server.login);
  const open = () => netconf.open(target, forever);
  const config = async () => {
    await using session = await open();
    return await session.config('running');
  };
  const trial = async () => {
    await using session = await open();
    return (await session.pending()) !== undefined;
  };
  return {
    name: 'netconf',
    title: 'netconfd (real)',
    driver: netconf,
    port: server.login.port,
    entry: { host: '127.0.0.1', platform: 'netconf', credentials: login(server.login) },
    hostKey: () => hostKey(server.login),
    text,
    mark,
    probe: '<get-config><source><running/></source></get-config>',
    bad: { text: text(0, '    <bogus/>\n'), line: 5 },
    running: config,
    startup: async () => undefined,
    hasTrial: trial,
    leftovers: async () => {
      await using session = await open();
      const candidate = await session.run('<get-config><source><candidate/></source></get-config>');
      const running = await session.run('<get-config><source><running/></source></get-config>');
      const data = (reply: string) => /<data[\s\S]*/.exec(reply)?.[0];
      return [
        ...((await session.pending()) ? ['trial'] : []),
        ...(data(candidate) === data(running) ? [] : ['a changed candidate']),
      ];
    },
    expire: () => {},
    foreign: async () => {
      const theirs = await open();
      await theirs.run('<lock><target><candidate/></target></lock>');
      return async () => theirs[Symbol.asyncDispose]();
    },
    changeIdentity: () => server.login.changeHostKey(),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
};

/** A Linux machine of its own: this one, with other processes, `/run` and state. */
export const linuxSubject = async (): Promise<Subject> => {
  const folder = mkdtempSync(join(tmpdir(), 'plumb-linux-'));
  const disk = mkdtempSync(join(tmpdir(), 'plumb-disk-'));
  const file = join(folder, 'a.conf');
  const mark = (number: number) => `try-${number}-`;
  const body = (number: number) => `first = line\nsecond = ${mark(number)}\nthird = line\n`;
  const text = (number: number) => `==> ${file} 0640 <==\n${body(number)}`;
  writeFileSync(file, body(0), { mode: 0o640 });
  const server = await startSshd({ disk });
  const state = join(disk, 'linux');
  /** What lies there but for what is kept to go back to, which is in a folder for each device. */
  const left = () =>
    (existsSync(state) ? readdirSync(state) : [])
      .flatMap((name) => (name.startsWith('d-') ? readdirSync(join(state, name)) : [name]))
      .filter((name) => !name.startsWith('s-'));
  return {
    name: 'linux',
    title: 'a Linux server (real)',
    driver: linux,
    port: server.port,
    entry: {
      host: '127.0.0.1',
      platform: 'linux',
      credentials: login(server),
      options: { files: [file], reload: `cp ${file} ${join(folder, 'loaded')}` },
    },
    hostKey: () => hostKey(server),
    text,
    mark,
    probe: `cat ${file}`,
    bad: { text: `${text(0)}==> /etc/shadow 0644 <==\nx\n`, line: 5 },
    running: async () => readFileSync(file, 'utf8'),
    startup: async () => undefined,
    hasTrial: async () => existsSync(join(state, 'trial', 'armed')),
    leftovers: async () => [...left(), ...readdirSync(folder).filter((name) => name.includes('plumb-'))],
    expire: () => {},
    reboot: async () => {
      await server.drop();
      await server.listen();
    },
    changeIdentity: () => server.changeHostKey(),
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      for (const each of [folder, disk]) rmSync(each, { recursive: true, force: true });
    },
  };
};
