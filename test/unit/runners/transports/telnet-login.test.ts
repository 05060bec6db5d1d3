import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { expect, it } from 'vitest';
import { registerSecret } from '../../../../core/redact/redact.ts';
import { forever, targetOf } from '../../../../lab/proof/target.ts';
import { inTime } from '../../../../runners/holding/login-time.ts';
import { openTelnet } from '../../../../runners/transports/telnet/telnet.ts';
import { holdUp } from '../../../hold-up.ts';
import { plainCli } from '../dialogue/fake-device.ts';
import { timeOver } from './time-over.ts';

const cli = { ...plainCli, prompt: /^[\w.-]+[>#$] ?$/ };

/** A telnet server that plays one script. */
const device = async (play: (socket: Socket, heard: () => Promise<string>) => Promise<void>) => {
  const typed: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}));
    const heard = async () => {
      const [piece] = (await once(socket, 'data')) as [Buffer];
      typed.push(piece.toString().replace(/\r.*$/s, ''));
      return piece.toString();
    };
    play(socket, heard).catch(() => {});
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const target = targetOf(
    { platform: 'generic', transport: 'telnet', port },
    { knownHosts: '/nowhere', username: 'noc', password: 'geheim' },
  );
  return {
    typed,
    open: (signal = forever) => openTelnet(target, cli, signal),
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
};

it('a telnet device that hangs up before it has our password is unreachable: trying again may help', async () => {
  await using busy = await device(async (socket) => void socket.end('\r\nSorry, all lines are busy\r\n'));
  await expect(busy.open()).rejects.toMatchObject({
    code: 'unreachable',
    message: 'r1: telnet login: the device hung up: Sorry, all lines are busy',
  });
});

it('a telnet device that takes the password and hangs up has refused it, and what it said is told clean and masked', async () => {
  registerSecret('geheim');
  await using refusing = await device(async (socket, heard) => {
    socket.write('Username: ');
    await heard();
    socket.write('Password: ');
    await heard();
    socket.end('\r\n\x1b[2J% Login invalid, not with geheim\r\n');
  });
  const error = await refusing.open().catch((caught: Error) => caught);
  expect(error).toMatchObject({ code: 'unauthorized', message: expect.stringContaining('% Login invalid') });
  expect(String(error)).not.toContain('geheim');
  expect(String(error)).not.toContain('\x1b');
});

it('a telnet device that asks again has refused the password, whatever it said before', async () => {
  await using refusing = await device(async (socket, heard) => {
    socket.write('login: ');
    await heard();
    socket.write('Password: ');
    await heard();
    socket.write('\r\nLogin incorrect\r\nlogin: ');
  });
  await expect(refusing.open()).rejects.toMatchObject({
    code: 'unauthorized',
    message: expect.stringMatching(/Login incorrect$/),
  });
  expect(refusing.typed).toEqual(['noc', 'geheim']);
});

it('a telnet device may greet who is let in with words of refusal', async () => {
  await using friendly = await device(async (socket, heard) => {
    socket.write('login: ');
    await heard();
    socket.write('Password: ');
    await heard();
    socket.write('\r\nThere were 3 failed login attempts since the last successful login.\r\n');
    socket.write('Unauthorized access is denied.\r\nhost$ ');
  });
  const { close } = await friendly.open();
  await close();
});

it('what only looks like a question, where the network cut it, is not answered, nor on a busy machine', async () => {
  await using slow = await device(async (socket, heard) => {
    socket.setNoDelay(true).write('login: ');
    await heard();
    socket.write('Password: ');
    await heard();
    socket.write('\r\nLast login: ');
    for (const _ of ['sent', 'read']) await new Promise(setImmediate); // timers come next
    socket.write('Tue Nov 3 10:00:00 on pts/0\r\nhost$ ');
    holdUp(150); // longer than a question must stand, and the rest is there before anyone looks
    await heard();
  });
  const { close } = await slow.open();
  await close();
  expect(slow.typed).toEqual(['noc', 'geheim']);
});

it('a telnet device that prints without an end is hung up on', async () => {
  await using endless = await device(async (socket) => {
    for (;;) if (!socket.write('login 0 '.repeat(8_192))) await once(socket, 'drain');
  });
  await expect(endless.open()).rejects.toMatchObject({
    code: 'unreachable',
    message: expect.stringMatching(/bytes without a prompt$/),
  });
});

it('a telnet device that stays silent is unreachable once the time is over, not a refusal of our password', async () => {
  const time = timeOver();
  await using silent = await device(async () => time.printed());
  const login = inTime('r1', time.signal, (signal) => silent.open(signal));
  await expect(login).rejects.toMatchObject({
    code: 'unreachable',
    message: 'r1: no login in time: it accepts the connection and prints nothing',
  });
});

it('a telnet device that negotiates without an end and reads nothing is hung up on', async () => {
  const flips = Buffer.from(Array.from({ length: 20_000 }, () => [255, 253, 31, 255, 254, 31]).flat());
  await using endless = await device(async (socket) => {
    socket.pause();
    for (;;) if (!socket.write(flips)) await once(socket, 'drain');
  });
  await expect(endless.open()).rejects.toMatchObject({ code: 'unreachable' });
});

it.each([
  ['Accept the terms? [yes/no] ', 'Accept the terms? [yes/no]'],
  ['\x1b[1mPress any key to continue\x1b[0m', 'Press any key to continue'],
  ['\r\nYour password has expired.\r\nNew password: ', 'New password:'],
])('a telnet device that asks something is told with what it asks: %j', async (printed, asked) => {
  const time = timeOver();
  await using asking = await device(async (socket, heard) => {
    socket.write('Password: ');
    await heard();
    socket.write(`\r\n${printed}`, time.printed);
  });
  await expect(asking.open(time.signal)).rejects.toMatchObject({
    code: 'unauthorized',
    message: `r1: the login stops at "${asked}", and there is no answer for it`,
  });
  expect(asking.typed).toEqual(['geheim']);
});

it('a telnet device whose prompt is not of its platform is told with that prompt', async () => {
  const time = timeOver();
  await using odd = await device(async (socket) => void socket.write('\r\nr1 ready\r\n', time.printed));
  await expect(odd.open(time.signal)).rejects.toMatchObject({
    code: 'unreachable',
    message: 'r1: no login in time: the last line is "r1 ready", which is not a prompt of generic',
    hint: expect.stringContaining('`platform: generic`'),
  });
});

it('a server of SSH on the port of telnet is told as one', async () => {
  await using server = await device(async (socket) => void socket.write('SSH-2.0-OpenSSH_9.2p1\r\n'));
  await expect(server.open()).rejects.toMatchObject({
    message: 'r1: telnet login: an SSH server answers: SSH-2.0-OpenSSH_9.2p1',
    hint: expect.stringContaining('transport: ssh'),
  });
});
