import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { jetstreamManager } from '@nats-io/jetstream';
import { connectNats } from '../core/store/server/connect.ts';
import { claimPort } from '../lab/port.ts';

/** Three servers on loopback that keep streams together; resolves once a stream with three replicas can be made. */
export const natsCluster = async (program: string) => {
  const folder = await mkdtemp(join(tmpdir(), 'plumb-cluster-'));
  const names = ['n1', 'n2', 'n3'];
  const claims = await Promise.all(names.map(async () => [await claimPort(), await claimPort()] as const));
  const ports = claims.map(([client, route]) => ({ client: client.port, route: route.port }));
  const routes = ports.map(({ route }) => `nats://127.0.0.1:${route}`).join(', ');
  const children: ChildProcess[] = [];
  for (const [index, name] of names.entries()) {
    const { client, route } = ports[index] ?? { client: 0, route: 0 };
    const config = join(folder, `${name}.conf`);
    const lines = [
      `server_name: ${name}`,
      `listen: "127.0.0.1:${client}"`,
      `jetstream { store_dir: ${JSON.stringify(join(folder, name))} }`,
      `cluster { name: test, listen: "127.0.0.1:${route}", routes: [${routes}] }`,
    ];
    await writeFile(config, `${lines.join('\n')}\n`);
    children.push(spawn(program, ['-c', config], { stdio: 'ignore' }));
  }
  const end = async () => {
    for (const child of children) {
      if (child.exitCode !== null) continue;
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    }
    for (const claim of claims.flat()) await claim[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  };
  const urls = ports.map(({ client }) => `nats://127.0.0.1:${client}`);
  const ready = async () => {
    const nc = await connectNats({ url: urls.join(','), name: 'test' });
    try {
      const jsm = await jetstreamManager(nc);
      await jsm.streams.add({ name: 'ready', subjects: ['ready'], num_replicas: 3 });
      await jsm.streams.delete('ready');
    } finally {
      await nc.close();
    }
  };
  for (let tries = 0; ; tries++) {
    const failed = await ready().then(
      () => undefined,
      (error: unknown) => error as Error,
    );
    if (!failed) return { urls, [Symbol.asyncDispose]: end };
    if (tries > 100) {
      await end();
      throw failed;
    }
    await wait(300); // a cluster tells nobody when it has chosen its leader
  }
};
