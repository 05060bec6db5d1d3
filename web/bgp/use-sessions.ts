import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { eachOf } from '../data/at-once.ts';
import { ask } from '../data/http.ts';
import { untilNews } from '../data/job-news.ts';
import { Refusal } from '../data/refusal.ts';
import type { Device, Job, JobSummary } from '../data/types.ts';
import { readNow } from '../data/use-reading.ts';
import { addressesOf } from './addresses.ts';
import { peersOf } from './peers.ts';
import { type Session, sessionsOf } from './sessions.ts';

const atOnce = 6;
const mostPages = 10;
/** Where no event says that one was read. */
const longestMs = 30_000;
const shortestMs = 500;
const kinds = ['bgp', 'interfaces-ip'] as const;
type Kind = (typeof kinds)[number];

/** The id of the last job of a kind that went well, for each device that has one. */
const lastJobs = async (kind: Kind, devices: number, signal: AbortSignal): Promise<Map<string, string>> => {
  const found = new Map<string, string>();
  let cursor: string | null = '';
  for (let page = 0; page < mostPages && cursor !== null && found.size < devices; page++) {
    const path = `/api/v1/jobs?kind=${kind}&state=finished&limit=200${cursor && `&cursor=${cursor}`}`;
    const got: { items: JobSummary[]; cursor: string | null } = await ask('GET', path, { signal });
    for (const { device, id, outcome } of got.items)
      if (outcome?.kind === 'done' && !found.has(device)) found.set(device, id);
    cursor = got.cursor;
  }
  return found;
};

type Sessions = {
  sessions: readonly Session[] | undefined;
  /** Devices whose sessions were never read. */
  unread: readonly string[];
  /** Devices whose addresses were never read. */
  unaddressed: readonly string[];
  busy: boolean;
  failed: Refusal | undefined;
  /** What could not be read, by device. */
  refusals: ReadonlyMap<string, Refusal>;
  readAll: () => void;
};

/** The BGP sessions of all devices, as each was read last. */
export const useSessions = (all: readonly Device[]): Sessions => {
  const records = useRef(new Map<string, Job>());
  const [last, setLast] = useState<Record<Kind, ReadonlyMap<string, string>>>();
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<Refusal>();
  const [refusals, setRefusals] = useState<ReadonlyMap<string, Refusal>>(new Map());
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const stop = new AbortController();
    const { signal } = stop;
    const read = async () => {
      while (!signal.aborted) {
        try {
          const [bgp, addresses] = await Promise.all(kinds.map((kind) => lastJobs(kind, all.length, signal)));
          const ids = [...(bgp?.values() ?? []), ...(addresses?.values() ?? [])];
          const missing = ids.filter((id) => !records.current.has(id));
          await eachOf(missing, atOnce, async (id) => {
            records.current.set(id, await ask<Job>('GET', `/api/v1/jobs/${id}`, { signal }));
          });
          for (const id of records.current.keys()) if (!ids.includes(id)) records.current.delete(id);
          setLast({ bgp: bgp ?? new Map(), 'interfaces-ip': addresses ?? new Map() });
          setFailed(undefined);
        } catch (error) {
          if (signal.aborted) return;
          if (!(error instanceof Refusal)) throw error;
          setFailed(error);
        }
        await untilNews(
          ({ kind, state }) => state === 'finished' && kinds.some((one) => one === kind),
          longestMs,
          signal,
        );
        await new Promise((resolve) => setTimeout(resolve, shortestMs));
      }
    };
    void read();
    return () => stop.abort();
  }, [all.length, turn]);

  const sessions = useMemo(() => {
    if (!last) return undefined;
    const jobs = (kind: Kind) => [...last[kind].values()].flatMap((id) => records.current.get(id) ?? []);
    const looked = new Set(all.filter(({ sync }) => sync !== 'unknown').map(({ device }) => device));
    const known = { isRead: (name: string) => last.bgp.has(name), isLooked: (name: string) => looked.has(name) };
    return sessionsOf(jobs('bgp').flatMap(peersOf), jobs('interfaces-ip').flatMap(addressesOf), known);
  }, [last, all]);

  const readAll = async () => {
    setBusy(true);
    const refused = new Map<string, Refusal>();
    await eachOf(all, atOnce, async ({ device }) => {
      for (const kind of kinds) {
        await readNow(device, kind).catch((error: unknown) => {
          refused.set(device, error instanceof Refusal ? error : new Refusal('internal', String(error)));
        });
      }
    });
    setRefusals(refused);
    setBusy(false);
    setTurn((before) => before + 1);
  };
  const without = (kind: Kind) => (last ? all.flatMap(({ device }) => (last[kind].has(device) ? [] : [device])) : []);
  return {
    sessions,
    unread: without('bgp'),
    unaddressed: without('interfaces-ip'),
    busy,
    failed,
    refusals,
    readAll: () => void readAll(),
  };
};
