import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import type { Device } from '../device.ts';
import { Link } from '../link.ts';
import type { Box } from '../platform.ts';
import { runShell } from '../terminal/shell.ts';
import { Terminal } from '../terminal/terminal.ts';
import type { Access } from './ssh.ts';

const IAC = 255;
const [SB, SE, WILL, WONT, DO, DONT] = [250, 240, 251, 252, 253, 254];
const [ECHO, SUPPRESS] = [1, 3];

/** The bytes behind telnet's own commands; options are refused but for echo and go-ahead. */
class TelnetStream extends Duplex {
  readonly #link: Link;
  #pending = Buffer.alloc(0);

  constructor(link: Link) {
    super();
    this.#link = link;
    link.on('data', (chunk: Buffer) => this.#take(chunk));
    link.on('end', () => this.push(null));
    link.on('close', () => this.destroy());
    link.write(Buffer.from([IAC, WILL, ECHO, IAC, WILL, SUPPRESS]));
  }

  override _read(): void {}

  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    this.#link.write(
      chunk.includes(IAC) ? Buffer.from([...chunk].flatMap((byte) => (byte === IAC ? [IAC, IAC] : [byte]))) : chunk,
    );
    done();
  }

  override _final(done: () => void): void {
    this.#link.end();
    done();
  }

  #take(chunk: Buffer): void {
    const bytes = Buffer.concat([this.#pending, chunk]);
    this.#pending = Buffer.alloc(0);
    const data: number[] = [];
    for (let at = 0; at < bytes.length; at++) {
      if (bytes[at] !== IAC) {
        data.push(bytes[at] ?? 0);
        continue;
      }
      const used = this.#command(bytes.subarray(at), data);
      if (used === 0) {
        this.#pending = Buffer.from(bytes.subarray(at));
        break;
      }
      at += used - 1;
    }
    if (data.length > 0) this.push(Buffer.from(data));
  }

  /** Handles one telnet command. @returns how many bytes it has, 0 when it is not complete */
  #command(bytes: Buffer, data: number[]): number {
    const [, verb, option = 0] = bytes;
    if (verb === undefined) return 0;
    if (verb === IAC) data.push(IAC);
    if (verb === SB) {
      const end = bytes.indexOf(Buffer.from([IAC, SE]));
      return end < 0 ? 0 : end + 2;
    }
    if (verb < WILL || verb === IAC) return 2;
    if (bytes.length < 3) return 0;
    const ours = option === ECHO || option === SUPPRESS;
    if (verb === DO && !ours) this.#link.write(Buffer.from([IAC, WONT, option]));
    if (verb === WILL && option !== SUPPRESS) this.#link.write(Buffer.from([IAC, DONT, option]));
    return 3;
  }
}

/** Serves telnet on a connection: asks for the user and the password, then runs a shell. */
export const serveTelnet = async (socket: Socket, device: Device, box: Box, access: Access): Promise<void> => {
  const link = new Link(socket, device.plan);
  device.links.add(link);
  link.once('close', () => device.links.delete(link));
  const stream = new TelnetStream(link);
  const terminal = new Terminal(stream, box.style);
  const banner = box.banner();
  terminal.print(`${banner}${banner === '' || banner.endsWith('\n') ? '' : '\n'}\n`);
  for (let attempt = 0; attempt < 3; attempt++) {
    terminal.print(box.asksUser ?? 'login: ');
    const user = await terminal.line();
    if (user === undefined) return;
    terminal.print('Password: ');
    const password = await terminal.line({ echo: false });
    if (password === undefined) return;
    if (user === access.user && password === access.password) {
      terminal.release();
      await runShell(stream, device, box, device.login(user, 'telnet', link));
      return;
    }
    terminal.print('\n% Login invalid\n\n');
  }
  stream.end();
};
