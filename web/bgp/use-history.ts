import { type Signal, signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { serverNow } from '../data/clock.ts';
import { ask } from '../data/http.ts';
import { Refusal } from '../data/refusal.ts';
import type { History } from './history.ts';

const atOnce = 4;
const everyMs = 30_000;
/** Of devices that were scrolled away, the oldest are forgotten beyond that. */
const mostKept = 500;

type Entry = { path: string; value: Signal<History | undefined>; askedMs: number };
type Answer = Omit<History, 'seen' | 'endMs'> & { seen: readonly { from: string; to: string | null }[] };

const entries = new Map<string, Entry>();
const waiting: Entry[] = [];
let under = 0;

const entryOf = (device: string, hours: number): Entry => {
  const path = `/api/v1/devices/${device}/bgp/history?hours=${hours}`;
  const entry = entries.get(path) ?? { path, value: signal(undefined), askedMs: Number.NEGATIVE_INFINITY };
  entries.set(path, entry);
  const [oldest = ''] = entries.size > mostKept ? entries.keys() : [];
  entries.delete(oldest);
  return entry;
};

const read = async ({ path, value }: Entry): Promise<void> => {
  try {
    const answer = await ask<Answer>('GET', path);
    const endMs = serverNow();
    const now = new Date(endMs).toISOString();
    value.value = { ...answer, endMs, seen: answer.seen.map(({ from, to }) => ({ from, to: to ?? now })) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    // what was read before stands, and nothing is known since
    if (value.value) value.value = { ...value.value, endMs: serverNow() };
  }
};

const pump = (): void => {
  while (under < atOnce) {
    const next = waiting.shift();
    if (!next) return;
    under += 1;
    void read(next).finally(() => {
      under -= 1;
      pump();
    });
  }
};

/** How the sessions of a device were, read anew while it is shown; undefined: not read yet. */
export const useHistory = (device: string, hours: number): History | undefined => {
  const entry = entryOf(device, hours);
  useEffect(() => {
    const want = () => {
      if (performance.now() - entry.askedMs < everyMs / 2) return; // another row of the same device
      entry.askedMs = performance.now();
      waiting.push(entry);
      pump();
    };
    want();
    const timer = setInterval(want, everyMs);
    return () => clearInterval(timer);
  }, [entry]);
  return entry.value.value;
};
