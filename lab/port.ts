import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type ListenOptions, type Server } from 'node:net';

/** A port of loopback for a process that must be told which: no other lab or test is given it until it is let go. */
export type Port = AsyncDisposable & { readonly port: number };

// Below those that the system gives to whoever asks for any (ip_local_port_range).
const lowest = 20_000;
const howMany = 10_000;

const listenOn = async (where: ListenOptions): Promise<Server | undefined> => {
  const server = createServer().unref();
  try {
    await once(server.listen(where), 'listening');
    return server;
  } catch {
    return undefined; // somebody else's
  }
};

const close = async (server: Server): Promise<void> => {
  server.close();
  await once(server, 'close');
};

/** Claims a port on which nobody listens, for as long as the process lives or until it is disposed. */
export const claimPort = async (): Promise<Port> => {
  for (let tries = 0; tries < 200; tries += 1) {
    const port = lowest + randomInt(howMany);
    // a socket in Linux' abstract namespace: whoever has it has the port, and it is gone with its process
    const claim = await listenOn(process.platform === 'linux' ? { path: `\0plumb-port-${port}` } : { port: 0 });
    if (!claim) continue;
    const trial = await listenOn({ port, host: '127.0.0.1' });
    if (trial) {
      await close(trial);
      return { port, [Symbol.asyncDispose]: () => close(claim) };
    }
    await close(claim);
  }
  throw new Error(`no free port of 127.0.0.1 from ${lowest} to ${lowest + howMany}`);
};
