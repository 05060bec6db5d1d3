import { readdir, readFile, readlink } from 'node:fs/promises';

/** `0A`: the socket listens. Source: proc(5), /proc/net/tcp. */
const listening = /^\s*\d+: [0-9A-F]+:([0-9A-F]{4}) \S+ 0A(?:\s+\S+){5}\s+(\d+)/;

const socketsOn = async (port: number): Promise<Set<string>> => {
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((table) => readFile(`/proc/net/${table}`, 'utf8').catch(() => '')),
  );
  const found = tables
    .join('\n')
    .split('\n')
    .map((line) => listening.exec(line));
  return new Set(
    found.flatMap((line) => (line && Number.parseInt(line[1] ?? '', 16) === port ? [`socket:[${line[2]}]`] : [])),
  );
};

const holds = async (pid: string, sockets: ReadonlySet<string>): Promise<boolean> => {
  const open = await readdir(`/proc/${pid}/fd`).catch(() => []);
  for (const fd of open) if (sockets.has(await readlink(`/proc/${pid}/fd/${fd}`).catch(() => ''))) return true;
  return false;
};

/**
 * Who listens on a TCP port of this machine, according to Linux's /proc.
 *
 * @returns e.g. `by pid 4711 (node)`; '' if nobody does; without a pid if it is another user's
 */
export const portHolder = async (port: number): Promise<string> => {
  const sockets = await socketsOn(port);
  if (sockets.size === 0) return '';
  for (const pid of (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name))) {
    if (!(await holds(pid, sockets))) continue;
    const program = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '?');
    return `by pid ${pid} (${program.trim()})`;
  }
  return "by another user's process";
};
