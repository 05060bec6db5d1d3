import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LogLine, type LogRole, limits, subjects } from '../../../../core/bus.ts';
import { keptLines, logTo } from '../../../../core/log.ts';
import { type Heard, hearLog, type Wanted } from '../../../../core/logs/hear-log.ts';
import { KeptLines } from '../../../../core/logs/kept-lines.ts';
import { tellLog } from '../../../../core/logs/tell-log.ts';
import { connectNats } from '../../../../core/store/server/connect.ts';
import { startNatsServer } from '../../../../core/store/server/nats-server.ts';
import { natsAccounts, type Role, roles } from '../../../../core/store/server/permissions.ts';
import { pause } from '../../../pause.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const site = 'dc1';
let scopes: AsyncDisposable[] = [];
let server: Awaited<ReturnType<typeof startNatsServer>>;
beforeEach(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'plumb-logs-'));
  server = await startNatsServer(folder);
  scopes = [server, { [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) }];
});
afterEach(async () => {
  for (const scope of scopes) await scope[Symbol.asyncDispose]();
});

const connect = async () => {
  const nc = await connectNats({ url: server.url, name: 'test' });
  scopes.unshift({ [Symbol.asyncDispose]: () => nc.close() });
  return nc;
};

/** A process that logs, and tells it. */
const processOf = async (role: LogRole, name: string) => {
  const kept = new KeptLines();
  const stderr: string[] = [];
  const log = logTo((line) => {
    stderr.push(line);
    kept.add(line);
  });
  const nc = await connect();
  const told = tellLog({ nc, site }, role, name, kept);
  scopes.unshift(told);
  await nc.flush();
  return { log, stderr, nc, told };
};

/** Hears until `last` is said, or for as long as it takes to catch up. */
const hear = async (wanted: Wanted, last?: string): Promise<LogLine[]> => {
  const lines: LogLine[] = [];
  const stop = new AbortController();
  for await (const heard of hearLog({ nc: await connect(), site }, wanted, stop.signal)) {
    if (heard.kind === 'line') lines.push(heard.line);
    if (last === undefined ? heard.kind === 'caught up' : heard.kind === 'line' && heard.line.msg === last) break;
  }
  return lines;
};
/** Ends when somebody asks for what was said before, and so hears all from then on. */
const askedFor = async () => {
  const nc = await connect();
  const asked = nc.subscribe(subjects.logRecent(site), { max: 1 });
  await nc.flush();
  return asked;
};
const messages = (lines: readonly LogLine[]) => lines.map(({ msg }) => msg);

describe('what a process says', () => {
  it('is on the bus as on its stderr, without the secrets, and says whose it is', async () => {
    const { log, stderr } = await processOf('runner', 'host.example-1a2b3c');
    const nc = await connect();
    const [heard] = [nc.subscribe('log.dc1.*.*', { max: 1 })];
    await nc.flush();
    log.warn({ device: 'leaf1', said: 'enable secret hunter2x', name: 'root' }, 'neighbor 192.0.2.1 password hunter22');
    for await (const message of heard) {
      expect(message.subject).toBe('log.dc1.runner.host_example-1a2b3c');
      expect(message.string()).not.toMatch(/hunter2/);
      const line = message.json();
      expect(line).toEqual({ ...JSON.parse(stderr[0] ?? ''), role: 'runner', name: 'host.example-1a2b3c', seq: 1 });
    }
  });

  it('is told to who comes later, in order of time, as far as it is asked for', async () => {
    const [runner, watcher] = [await processOf('runner', 'r1-0a1b2c'), await processOf('watcher', 'w1-0a1b2c')];
    const tick = () => new Promise((resolve) => setTimeout(resolve, 2)); // their clocks tell the order
    for (const at of [1, 2, 3]) {
      runner.log.info({ device: 'leaf1' }, `runner ${at}`);
      await tick();
      watcher.log.warn({ device: 'leaf2' }, `watcher ${at}`);
      await tick();
    }
    const asked: [Wanted, string[]][] = [
      [{ tail: 2, level: 30 }, ['runner 3', 'watcher 3']],
      [{ roles: ['watcher'] }, ['watcher 1', 'watcher 2', 'watcher 3']],
      [{ devices: ['leaf1'], tail: 1 }, ['runner 3']],
      [{ level: 40 }, ['watcher 1', 'watcher 2', 'watcher 3']],
      [{ names: ['r1'] }, ['runner 1', 'runner 2', 'runner 3']],
      [{ names: ['r'] }, []],
      [{ since: new Date(Date.now() + 60_000).toISOString() }, []],
      [{}, ['runner 1', 'watcher 1', 'runner 2', 'watcher 2', 'runner 3', 'watcher 3']],
    ];
    await Promise.all(asked.map(async ([wanted, found]) => expect(messages(await hear(wanted))).toEqual(found)));
  });

  it('is not taken from one who may speak for another role alone', async () => {
    const { log } = await processOf('runner', 'r1');
    const nc = await connect();
    const lie = { time: new Date().toISOString(), level: 30, msg: 'a lie', role: 'runner', name: 'r1', seq: 9 };
    const asked = await askedFor();
    const heard = hear({}, 'the truth');
    for await (const _ of asked);
    nc.publish('log.dc1.api.r1', JSON.stringify(lie));
    nc.publish('log.dc1.api.r1', JSON.stringify({ ...lie, role: 'api', msg: 'another', seq: 1_000 })); // may be called so, too
    await nc.flush();
    log.info('the truth');
    expect(messages(await heard).sort()).toEqual(['another', 'the truth']);
  });

  it('is not asked for so often that it does nothing else', async () => {
    const { log } = await processOf('runner', 'r1');
    log.info('one');
    const nc = await connect();
    let ends = 0;
    nc.subscribe('log.dc1.runner.r1.recent.*', {
      callback: (_error, message) => {
        if (message.string().includes('"end"')) ends++;
      },
    });
    for (let at = 0; at < 2_000; at++) nc.publish(subjects.logRecent(site), JSON.stringify({ token: `token-${at}` }));
    await nc.flush();
    // answered once there is room for one more, however many came before it
    await expect.poll(async () => messages(await hear({})), { timeout: 60_000 }).toEqual(['one']);
    expect(ends).toBeLessThan(200);
  });

  it('said last before the end, is told', async () => {
    const { log, told } = await processOf('runner', 'r1');
    const asked = await askedFor();
    const heard = hear({}, 'the last word');
    for await (const _ of asked);
    log.info('the last word');
    await told[Symbol.asyncDispose]();
    expect(messages(await heard)).toEqual(['the last word']);
  });
});

describe('while NATS does not move', () => {
  /** What cannot be given back, in bytes: what the process takes of the machine is more, and another time another. */
  const held = (): number => {
    collect();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };

  it('100,000 lines hold nobody up and fill no memory; what fell out is counted, and the rest comes', async () => {
    const kept = new KeptLines();
    const nc = await connect();
    scopes.unshift(tellLog({ nc, site }, 'runner', 'r1', kept));
    const line = (at: number) =>
      JSON.stringify({
        level: 30,
        time: new Date().toISOString(),
        device: 'leaf1',
        msg: `line ${at} ${'x'.repeat(1_000)}`,
      });
    const listener = await connect();
    const live = listener.subscribe(subjects.logs(site));
    await listener.flush();
    const before = held();
    const { outMsgs } = nc.stats();
    await pause(server.pid);
    try {
      for (let at = 1; at <= 100_000; at++) {
        kept.add(line(at));
        if (at % 1_000 === 0) await new Promise((resolve) => setImmediate(resolve)); // what is told is told meanwhile
      }
      expect(held() - before).toBeLessThan(64 * 1024 * 1024); // of 110 MB
      expect(nc.stats().outMsgs - outMsgs).toBeLessThanOrEqual(400); // or they would lie in the client
      expect(kept.after(0).length).toBeLessThanOrEqual(limits.logLines);
    } finally {
      process.kill(server.pid, 'SIGCONT');
    }
    const lines: LogLine[] = [];
    for await (const message of live) {
      lines.push(message.json());
      if (lines.at(-1)?.seq === 100_000) break;
    }
    const missing = lines.reduce((sum, { dropped = 0 }) => sum + dropped, 0);
    const seqs = lines.map(({ seq }) => seq);
    expect(missing).toBeGreaterThan(90_000);
    expect(missing + lines.filter(({ dropped }) => dropped === undefined).length).toBe(100_000);
    expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b));
  });
});

it('a line of many kilobytes is cut, and what steers a terminal stays written out in it', () => {
  const kept = new KeptLines();
  const log = logTo((line) => kept.add(line));
  log.info({ device: 'leaf1' }, `\u009b\u202e${'a line of a stack\n'.repeat(1_000)}`);
  const [{ line = '' } = {}] = kept.after(0);
  expect(line.length).toBeLessThan(16_384);
  expect(line).not.toMatch(/\p{Cc}|\p{Bidi_Control}/u);
  expect(JSON.parse(line)).toMatchObject({ device: 'leaf1', msg: expect.stringMatching(/^\u009b.* \(cut\)$/s) });
});

describe('with the permissions of before', () => {
  it('a process says once that its log is not told, and whoever listens is told why', async () => {
    const users = roles.map((role) => ({ role, user: role, password: role }));
    const folder = await mkdtemp(join(tmpdir(), 'plumb-logs-'));
    await using old = await startNatsServer(folder, 0, natsAccounts(site, users).replace(/^.*log\.dc1.*$/gm, ''));
    scopes.push({ [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) });
    const as = (role: Role) => connectNats({ url: old.url, name: role, role, user: role, password: role });
    const [runner, viewer] = [await as('runner'), await as('viewer')];
    const kept = new KeptLines();
    await using _told = tellLog({ nc: runner, site }, 'runner', 'r1', kept);
    const before = keptLines.last; // other tests of this worker have said something, too
    const said = () => keptLines.after(before).filter(({ line }) => line.includes('does not show this process'));
    for (let at = 0; at < 10; at++) kept.add('{"level":30,"time":"2026-01-01T00:00:00Z","msg":"x"}');
    await expect.poll(() => said().length).toBe(1);
    for (let at = 0; at < 10; at++) kept.add('{"level":30,"time":"2026-01-01T00:00:00Z","msg":"x"}');
    await runner.flush();
    expect(said()).toHaveLength(1);
    await expect(hearLog({ nc: viewer, site }, {}, new AbortController().signal).next()).rejects.toMatchObject({
      code: 'nats_unavailable',
      message: expect.stringContaining('"log.dc1.'),
    });
    for (const nc of [runner, viewer]) await nc.close();
  });
});

describe('who listens', () => {
  it('and takes nothing for a while is told how many lines were left out', async () => {
    const [nc, other] = [await connect(), await connect()];
    const heard = hearLog({ nc, site }, {}, new AbortController().signal);
    expect(await heard.next()).toMatchObject({ value: { kind: 'caught up', processes: 0 } });
    const said = 25_000;
    const line = { time: '2026-01-01T00:00:00Z', level: 30, msg: 'x', role: 'api', name: 'a' };
    for (let seq = 1; seq <= said; seq++) other.publish('log.dc1.api.a', JSON.stringify({ ...line, seq }));
    await other.flush();
    await nc.flush(); // all has come
    let lines = 0;
    for await (const each of heard) {
      if (each.kind === 'line') lines++;
      else {
        expect(each).toEqual({ kind: 'left out', lines: said - lines });
        break;
      }
    }
    expect(lines).toBe(20_000);
  });

  it('hears after a lost connection what was said meanwhile, once, and in order', async () => {
    const { log } = await processOf('runner', 'r1');
    const nc = await connect();
    const heard: Heard[] = [];
    const stop = new AbortController();
    let wake = () => {};
    const listening = (async () => {
      for await (const each of hearLog({ nc, site }, {}, stop.signal)) {
        heard.push(each);
        wake();
      }
    })();
    const until = async (msg: string) => {
      while (!heard.some((each) => each.kind === 'line' && each.line.msg === msg))
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    };
    log.info('one');
    await until('one');
    await nc.reconnect();
    for (const msg of ['two', 'three', 'four']) log.info(msg);
    await until('four');
    stop.abort();
    await listening;
    expect(heard.flatMap((each) => (each.kind === 'line' ? [each.line.msg] : []))).toEqual([
      'one',
      'two',
      'three',
      'four',
    ]);
  });
});
