import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { jetstreamManager } from '@nats-io/jetstream';
import { connectNats } from '../core/store/server/connect.ts';
import { claimPort } from '../lab/port.ts';

/** How often a cluster is asked for what it tells nobody: that it has a leader, that a server has caught up. */
const everyMs = 300;

const server = async (program: string, folder: string, name: string, routes: string, route: number) => {
  const [client, http] = [await claimPort(), await claimPort()];
  const config = join(folder, `${name}.conf`);
  const lines = [
    `server_name: ${name}`,
    `listen: "127.0.0.1:${client.port}"`,
    `http: "127.0.0.1:${http.port}"`,
    `jetstream { store_dir: ${JSON.stringify(join(folder, name))} }`,
    `cluster { name: test, listen: "127.0.0.1:${route}", routes: [${routes}] }`,
  ];
  await writeFile(config, `${lines.join('\n')}\n`);
  let child: ChildProcess | undefined;
  const start = () => {
    child = spawn(program, ['-c', config], { stdio: 'ignore' });
  };
  const end = async (signal: NodeJS.Signals) => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  };
  return {
    name,
    url: `nats://127.0.0.1:${client.port}`,
    start,
    end,
    /** Stands still, its connections open, or goes on. */
    signal: (signal: 'SIGSTOP' | 'SIGCONT') => void child?.kill(signal),
    /** Whether it serves and has caught up with every stream that it keeps. */
    healthy: async (): Promise<boolean> => {
      const asked = fetch(`http://127.0.0.1:${http.port}/healthz`, { signal: AbortSignal.timeout(2_000) });
      return asked.then(
        ({ ok }) => ok,
        () => false,
      );
    },
    [Symbol.asyncDispose]: async () => {
      await end('SIGKILL');
      await client[Symbol.asyncDispose]();
      await http[Symbol.asyncDispose]();
    },
  };
};

export type ClusterServer = Awaited<ReturnType<typeof server>>;

/** Three servers on loopback that keep streams together; resolves once a stream with three replicas can be made. */
export const natsCluster = async (program: string) => {
  const folder = await mkdtemp(join(tmpdir(), 'plumb-cluster-'));
  const names = ['n1', 'n2', 'n3'];
  const claims = await Promise.all(names.map(claimPort));
  const routes = claims.map(({ port }) => `nats://127.0.0.1:${port}`).join(', ');
  const servers = await Promise.all(
    names.map((name, at) => server(program, folder, name, routes, claims[at]?.port ?? 0)),
  );
  const end = async () => {
    for (const one of [...servers, ...claims]) await one[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  };
  const urls = servers.map(({ url }) => url);
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
  for (const { start } of servers) start();
  for (let tries = 0; ; tries++) {
    const failed = await ready().then(
      () => undefined,
      (error: unknown) => error as Error,
    );
    if (!failed) return { urls, servers, [Symbol.asyncDispose]: end };
    if (tries > 100) {
      await end();
      throw failed;
    }
    await wait(everyMs);
  }
};

/** Resolves once every server of a cluster has caught up. */
export const clusterHealthy = async (servers: readonly ClusterServer[]): Promise<void> => {
  for (let tries = 0; tries < 200; tries++) {
    const well = await Promise.all(servers.map(({ healthy }) => healthy()));
    if (well.every(Boolean)) return;
    await wait(everyMs);
  }
  throw new Error('a server of the cluster has not caught up');
};
