import { availableParallelism } from 'node:os';
import type { Log } from '../../core/log.ts';
import { Child, type Ended } from './child.ts';
import { Suspects } from './suspects.ts';

const backOffMs = (tries: number) => Math.min(60_000, 1_000 * 2 ** tries);
/** One that ran for so long is restarted at once. */
const longMs = 60_000;
/** Longer than any work of ours, shorter than others wait before they consider a silent runner dead: 10 s. */
const usualStillMs = 6_000;
const avoidMs = 10 * 60_000;

/** @param wanted `auto`: one for each core */
export const processCount = (wanted: 'auto' | number): number => (wanted === 'auto' ? availableParallelism() : wanted);

/** The same command line for one of several processes. */
export const argvOf = (argv: readonly string[], name: string): string[] => {
  const kept: string[] = [];
  const end = argv.indexOf('--');
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? '';
    const isOurs = end < 0 || at < end;
    if (isOurs && ['--processes', '--name'].includes(word)) at++;
    else if (!isOurs || !/^--(?:processes|name)=/.test(word)) kept.push(word);
  }
  const rest = end < 0 ? [] : kept.splice(kept.indexOf('--'));
  return [...kept, '--name', name, ...rest];
};

const words = ({ code, signal, stuck, talking }: Ended): string => {
  const how = stuck ? 'stopped responding and was killed' : `ended (${signal ?? `exit code ${code}`})`;
  const shown = `${talking.slice(0, 10).join(', ')}${talking.length > 10 ? ', …' : ''}`;
  return talking.length === 0 ? how : `${how} while it talked to ${shown}`;
};

type Supervised = {
  processes: number;
  /** Each appends its number. */
  name: string;
  /** Starts the process of that name. */
  command: (name: string) => readonly string[];
  log: Pick<Log, 'info' | 'error'>;
  line: ((text: string) => void) | undefined;
  stillMs?: number;
};

/**
 * Several runner processes instead of one: each is restarted if it ends, all end with us, and a device that processes
 * fail on is left alone.
 *
 * @returns exit code
 */
export const supervise = async (
  { processes, name, command, line, log, stillMs = usualStillMs }: Supervised,
  signal: AbortSignal,
): Promise<number> => {
  const suspects = new Suspects(avoidMs);
  const children = new Map<string, Child>();
  const waiting = new Map<string, NodeJS.Timeout>();
  const tries = new Map<string, number>();
  let over = (_: number) => {};
  const all = new Promise<number>((resolve) => {
    over = resolve;
  });
  let code: number | undefined;
  let avoided: string[] = [];

  const end = (how: number): void => {
    code ??= how;
    for (const timer of waiting.values()) clearTimeout(timer);
    waiting.clear();
    for (const child of children.values()) child.stop('SIGTERM');
    if (children.size === 0) over(code);
  };
  const avoid = () => {
    const now = suspects.avoided(performance.now());
    for (const device of now.filter((one) => !avoided.includes(one)))
      log.error(
        { device },
        `${device}: processes ended while they talked to it, twice: no process of ${name} holds it for ${avoidMs / 60_000} min`,
      );
    for (const device of avoided.filter((one) => !now.includes(one))) log.info({ device }, `${device}: held again`);
    avoided = now;
    for (const child of children.values()) child.avoid(avoided);
  };
  const start = (own: string): void => {
    waiting.delete(own);
    const child = new Child({ name: own, command: command(own), stillMs, line, ended });
    children.set(own, child);
    child.avoid(avoided);
  };
  const ended = (how: Ended): void => {
    children.delete(how.name);
    if (code !== undefined) {
      if (children.size === 0) over(code);
      return;
    }
    if (!how.started && how.code === 2 && tries.size === 0) {
      end(2); // it was called wrong, and has said so
      return;
    }
    suspects.add(how.talking, performance.now());
    const again = how.ranMs >= longMs ? 0 : (tries.get(how.name) ?? 0);
    tries.set(how.name, again + 1);
    const inMs = backOffMs(again);
    log.error(
      { runner: how.name, devices: how.talking },
      `runner ${how.name} ${words(how)}; restarting in ${inMs / 1_000} s`,
    );
    avoid();
    waiting.set(
      how.name,
      setTimeout(() => start(how.name), inMs),
    );
  };

  const kill = () => {
    for (const child of children.values()) child.stop('SIGKILL');
  };
  process.on('exit', kill);
  const names = Array.from({ length: processes }, (_, at) => `${name}-${at + 1}`);
  log.info({ processes, pid: process.pid }, `runner ${name}: ${processes} processes`);
  for (const own of names) start(own);
  const sweep = setInterval(avoid, 30_000);
  const stop = () => end(0);
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    return await all;
  } finally {
    clearInterval(sweep);
    signal.removeEventListener('abort', stop);
    process.off('exit', kill);
  }
};
