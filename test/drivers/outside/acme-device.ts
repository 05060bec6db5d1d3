import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { newSshKey } from '../../../lab/ssh-key.ts';
import { knownHostsLine } from '../../../runners/transports/ssh/known-hosts.ts';

/** The switch of docs/add-a-platform.md: lines, one candidate for each shell, and a trial with a timer. */
export class AcmeDevice {
  running: string[];
  startup: string[];
  trial: { name: string; before: string[]; endsAt: number; timer: NodeJS.Timeout } | undefined;

  constructor(text: string) {
    this.running = text.trim().split('\n');
    this.startup = this.running;
  }

  undo(): void {
    if (!this.trial) return;
    clearTimeout(this.trial.timer);
    this.running = this.trial.before;
    this.trial = undefined;
  }

  /** A shell of its own. @returns what answers a line, and what it prompts with */
  shell() {
    let candidate: string[] | undefined;
    const configure = (lines: string[], line: string): string => {
      const [, seconds, name] = /^commit confirmed (\d+) name (\S+)$/.exec(line) ?? [];
      if (line === 'clear') lines.length = 0;
      else if (line === 'abort') candidate = undefined;
      else if (line === 'show diff') {
        const gone = this.running.filter((each) => !lines.includes(each)).map((each) => `-${each}\n`);
        return [...gone, ...lines.filter((each) => !this.running.includes(each)).map((each) => `+${each}\n`)].join('');
      } else if (seconds !== undefined && name !== undefined) {
        const timer = setTimeout(() => this.undo(), Number(seconds) * 1000).unref();
        this.trial = { name, before: this.running, endsAt: Date.now() + Number(seconds) * 1000, timer };
        this.running = lines;
        candidate = undefined;
      } else if (/^(hostname|ntp server|no) /.test(line)) {
        if (!lines.includes(line)) lines.push(line);
      } else return `% Unknown command: ${line}\n`;
      return '';
    };
    const answer = (line: string): string => {
      if (candidate) return configure(candidate, line);
      const { trial } = this;
      if (line === 'configure') candidate = [...this.running];
      else if (line === 'show running') return `${this.running.join('\n')}\n`;
      else if (line === 'show startup') return `${this.startup.join('\n')}\n`;
      else if (line === 'show commit pending')
        return trial ? `${trial.name} by admin, ${Math.ceil((trial.endsAt - Date.now()) / 1000)} s left\n` : '';
      else if (line === 'commit confirm' && trial) {
        clearTimeout(trial.timer);
        this.trial = undefined;
        this.startup = this.running;
      } else if (line === 'commit undo') this.undo();
      else if (line !== 'terminal length 0') return `% Unknown command: ${line}\n`;
      return '';
    };
    return { answer, prompt: () => `switch1${candidate ? '(config)' : ''}# ` };
  }
}

/** That switch, behind SSH in this process, its key pinned. */
export const serveAcme = async (device: AcmeDevice) => {
  const folder = await mkdtemp(join(tmpdir(), 'plumb-acme-'));
  const key = newSshKey();
  const connections = new Set<ssh2.Connection>();
  const server = new ssh2.Server({ hostKeys: [key.private] }, (connection) => {
    connections.add(connection);
    connection.on('error', () => {}).once('close', () => connections.delete(connection));
    connection.on('authentication', (attempt) => attempt.accept());
    connection.on('session', (accept) => {
      const session = accept();
      session.on('pty', (acceptPty) => acceptPty?.());
      session.on('shell', (acceptShell) => {
        const { answer, prompt } = device.shell();
        const channel = acceptShell();
        let typed = '';
        channel.write(prompt());
        channel.on('data', (bytes: Buffer) => {
          const lines = (typed + bytes.toString().replaceAll('\r', '\n')).split('\n');
          typed = lines.pop() ?? '';
          for (const line of lines)
            channel.write(`${line}\r\n${answer(line.trim()).replaceAll('\n', '\r\n')}${prompt()}`);
        });
      });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const knownHosts = join(folder, 'known_hosts');
  await writeFile(
    knownHosts,
    `${knownHostsLine('127.0.0.1', port, Buffer.from(key.public.split(' ')[1] ?? '', 'base64'))}\n`,
  );
  return {
    port,
    knownHosts,
    [Symbol.asyncDispose]: async () => {
      for (const connection of connections) connection.end();
      server.close();
      device.undo();
      await rm(folder, { recursive: true });
    },
  };
};
