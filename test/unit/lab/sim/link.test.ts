import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { FaultPlan } from '../../../../lab/sim/faults.ts';
import { Link } from '../../../../lab/sim/link.ts';

describe('a slow link', () => {
  it.each(['to the device', 'from the device'])('delivers in order %s, also once it is fast again', async (way) => {
    const plan = new FaultPlan({ rttMs: 40, bytesPerSecond: 50_000 });
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const client = connect((server.address() as AddressInfo).port, '127.0.0.1').setNoDelay(true);
    const [socket] = (await once(server, 'connection')) as [Socket];
    const link = new Link(socket, plan);
    const [from, to] = way === 'to the device' ? [client, link] : [link, client];
    let got = '';
    to.on('data', (chunk) => {
      got += chunk;
    });
    const lines = Array.from({ length: 300 }, (_, n) => `${n}\n`);
    for (const line of lines.slice(0, 200)) {
      from.write(line);
      if (line.endsWith('0\n')) await new Promise((resolve) => setImmediate(resolve));
    }
    if (from === client) await once(socket, 'data'); // the first has reached the link
    plan.set({ rttMs: null, bytesPerSecond: null });
    for (const line of lines.slice(200)) from.write(line);
    const sent = lines.join('');
    await expect.poll(() => got.length).toBe(sent.length);
    expect(got).toBe(sent);
    client.destroy();
    server.close();
  });
});
