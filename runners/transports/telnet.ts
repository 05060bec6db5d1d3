import { once } from 'node:events';
import { connect } from 'node:net';
import { Duplex } from 'node:stream';
import { explain, PlumbError } from '../../core/errors.ts';
import { cleanLine } from '../clean.ts';
import type { CliDriver } from '../cli-driver.ts';
import type { Target } from '../driver.ts';
import { refuseJump } from './ssh-target.ts';
import { nop, TelnetOptions, telnetEncode } from './telnet-options.ts';

const keepaliveMs = 30_000;
const loginMs = 30_000;

const user = /(?:user ?name|user|login|utilisateur)\s*[:>]\s*$/i;
const password = /pass(?:word|code|wort)\s*[:>]\s*$/i;
const refusal =
  /^.*(?:incorrect|invalid|fail(?:ed|ure)(?!\s*:?\s*\d)|denied|bad (?:password|secrets)|required, but none set|not authorized).*$/im;
const asides: readonly (readonly [RegExp, string])[] = [
  [/initial configuration dialog\? \[yes\/no\]:?\s*$/i, 'no'],
  [/press (?:return|enter) to (?:get started|continue)\.?\s*$/i, ''],
];

/** The text side of a telnet connection: negotiation is taken out, line ends are put in. */
const telnetStream = (host: string, port: number) => {
  const socket = connect({ host, port, noDelay: true });
  const options = new TelnetOptions();
  const stream = new Duplex({
    read: () => {},
    write: (chunk: Buffer, _encoding, done) => {
      socket.write(telnetEncode(chunk.toString('utf8')), () => done());
    },
    destroy: (error, done) => {
      socket.destroy();
      done(error);
    },
  });
  stream.on('error', () => {});
  socket.on('data', (piece: Buffer) => {
    const { data, reply } = options.receive(piece);
    if (reply.length > 0) socket.write(reply);
    if (data.length > 0) stream.push(data);
  });
  const timer = setInterval(() => socket.write(nop), keepaliveMs).unref();
  const closed = new Promise<string>((resolve) => {
    let reason = 'closed by the device';
    socket.on('error', (error) => {
      reason = error.message;
    });
    socket.once('close', () => {
      clearInterval(timer);
      stream.push(null);
      stream.destroy();
      resolve(reason);
    });
  });
  return { socket, stream, closed };
};

/** Answers what is asked until the device's prompt stands there; the prompt stays in the stream. */
const logIn = ({ device, credentials }: Target, stream: Duplex, cli: CliDriver): Promise<void> =>
  new Promise((resolve, reject) => {
    let seen = '';
    let sent = 0;
    /** A question of the platform's own, or a long banner: whoever reads the session answers it. */
    const goesOn = (line: string): boolean =>
      sent > 0 &&
      [...(cli.questions ?? []).map(({ ask }) => ask), ...(cli.pagers ?? [])].some((pattern) => pattern.test(line));
    const settle = (error?: PlumbError): void => {
      stream.off('data', take).off('end', ended).pause();
      if (error) reject(error);
      else resolve();
    };
    const unauthorized = (what: string): void =>
      settle(
        new PlumbError('unauthorized', `${device.name}: telnet login: ${what}`, {
          hint: 'check the user and the password in the inventory',
        }),
      );
    const ended = (): void => unauthorized(refusal.exec(seen)?.[0].trim() ?? 'the device hung up');
    const take = (piece: Buffer): void => {
      seen += piece.toString('utf8');
      const start = seen.lastIndexOf('\n') + 1;
      const line = seen.slice(start);
      const said = sent > 0 ? refusal.exec(seen.slice(0, start)) : null;
      if (said) {
        unauthorized(said[0].trim());
        return;
      }
      const aside = asides.find(([pattern]) => pattern.test(line));
      const asked = user.test(line) ? credentials.username : password.test(line) ? credentials.password : undefined;
      const answer = aside ? aside[1] : asked;
      if (answer !== undefined) {
        if (!aside && ++sent > 2) {
          unauthorized('the device asks again');
          return;
        }
        seen = '';
        stream.write(`${answer}\r`);
      } else if (password.test(line)) unauthorized('the device asks for a password and there is none');
      else if (cli.prompt.test(cleanLine(line)) || goesOn(cleanLine(line))) {
        settle();
        stream.unshift(Buffer.from(line));
      }
    };
    stream.on('data', take).once('end', ended);
  });

/**
 * Connects by telnet and logs in. Nothing is encrypted and nobody proves who they are: only where the inventory says so.
 *
 * @throws PlumbError `unreachable`, `unauthorized`
 */
export const openTelnet = async (target: Target, cli: CliDriver, signal: AbortSignal) => {
  const { device } = target;
  refuseJump(device, 'telnet');
  const port = device.port ?? 23;
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(loginMs)]);
  const { socket, stream, closed } = telnetStream(device.host, port);
  const abort = () => socket.destroy(new Error('no login in time'));
  deadline.addEventListener('abort', abort, { once: true });
  try {
    await once(socket, 'connect');
    await logIn(target, stream, cli);
  } catch (error) {
    socket.destroy();
    signal.throwIfAborted();
    if (error instanceof PlumbError) throw error;
    throw new PlumbError('unreachable', `${device.name}: telnet to ${device.host} port ${port}: ${explain(error)}`, {
      cause: error,
      hint: 'is the device up, and does it allow telnet?',
    });
  }
  deadline.removeEventListener('abort', abort);
  return {
    stream,
    closed,
    alive: async () => {
      if (socket.destroyed) throw new PlumbError('closed', `${device.name}: the telnet connection is gone`);
      socket.write(nop);
    },
    close: async () => {
      socket.destroy();
      await closed;
    },
  };
};
