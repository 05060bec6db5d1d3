import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { forever, targetOf } from '../../../../lab/proof/target.ts';
import { Eapi } from '../../../../runners/transports/eapi/eapi.ts';
import { Deframer, frame } from '../../../../runners/transports/netconf/framing.ts';
import { Netconf } from '../../../../runners/transports/netconf/netconf.ts';
import { base10, baseNamespace } from '../../../../runners/transports/netconf/text.ts';
import { forward } from '../../../../runners/transports/ssh/connection.ts';
import { openSsh } from '../../../../runners/transports/ssh/ssh.ts';
import { sshServer } from './ssh-server.ts';

const timeoutMs = 20_000;

/**
 * Answers, and then the process is held up until the time is over: its timers come before it reads what lies in its sockets.
 * At the end of a turn of the event loop, as the timers are what comes next.
 */
const answerAndHoldUp = (answer: () => void) =>
  setImmediate(() => {
    answer();
    vi.advanceTimersByTime(timeoutMs);
  });

describe('an answer that came in time counts, though the process was held up and reads it late', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
  afterEach(() => void vi.useRealTimers());

  it('of a command over SSH', async () => {
    await using server = await sshServer({
      connection: (client) => (client as unknown as Socket).setNoDelay(true), // or the kernel keeps back what follows the first packet
      exec: (_command, channel) =>
        channel.once('data', () =>
          answerAndHoldUp(() => {
            channel.write('done');
            channel.exit(0);
            channel.close();
          }),
        ),
    });
    await using connection = await openSsh(server.options, forever);
    expect(await connection.exec('show', { stdin: 'asked', timeoutMs })).toMatchObject({ code: 0, stdout: 'done' });
  });

  it('of an SSH server that gives a channel, or shows that it is there', async () => {
    await using server = await sshServer({
      connection: (client) => {
        client.on('tcpip', (accept) => answerAndHoldUp(() => void accept().end()));
        client.on('request', (_accept, reject) => answerAndHoldUp(() => reject?.()));
      },
    });
    await using connection = await openSsh(server.options, forever);
    await connection.alive(timeoutMs);
    const channel = await forward('leaf1', connection, '127.0.0.1', 22, forever);
    channel.destroy();
  });

  it('of a switch over eAPI', async () => {
    const server = createHttpServer((_request, response) =>
      answerAndHoldUp(() => response.end(JSON.stringify({ result: [{}, { output: 'done' }] }))),
    ).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const login = { knownHosts: '/nowhere/known_hosts', username: 'admin', password: 'admin' };
    await using eapi = new Eapi(targetOf({ platform: 'eos', transport: 'eapi', port, options: { http: true } }, login));
    expect(await eapi.run(['show'], 'text', { timeoutMs })).toEqual([{ output: 'done' }]);
    server.close();
  });

  it('of a device over NETCONF', async () => {
    const server = createServer((socket) => {
      const deframer = new Deframer();
      const write = (text: string) => socket.write(frame(text, 'end-of-message'));
      write(
        `<hello xmlns="${baseNamespace}"><capabilities><capability>${base10}</capability></capabilities><session-id>1</session-id></hello>`,
      );
      socket
        .on('error', () => {})
        .on('data', (piece: Buffer) => {
          for (const message of deframer.feed(piece)) {
            const id = /message-id="(\d+)"/.exec(String(message))?.[1];
            const reply = () => void write(`<rpc-reply xmlns="${baseNamespace}" message-id="${id}"><ok/></rpc-reply>`);
            if (id === '1') reply();
            else if (id !== undefined) answerAndHoldUp(reply);
          }
        });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    await using session = await Netconf.open('r1', socket, forever);
    expect((await session.rpc('<lock/>', timeoutMs)).text).toContain('<ok/>');
    server.close();
  });
});
