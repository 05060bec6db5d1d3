import { useEffect, useState } from 'preact/hooks';
import { ask } from '../data/http.ts';
import { untilNews } from '../data/job-news.ts';
import { Refusal } from '../data/refusal.ts';
import type { JobSummary } from '../data/types.ts';

type Page = { items: JobSummary[]; cursor: string | null };
type Jobs = { items?: readonly JobSummary[]; failed?: Refusal; more?: () => void };

/** Where no event says that there is another. */
const longestMs = 15_000;
/** However many there are. */
const shortestMs = 500;

/** Jobs, newest first, kept up to date. @param query of `GET /api/v1/jobs`, without `limit`; `turn`: read anew when it changes */
export const useJobs = (query: string, limit: number, turn?: unknown): Jobs => {
  const [seen, setSeen] = useState<Jobs & { query?: string; cursor?: string | null }>({});
  const [size, setSize] = useState(limit);
  useEffect(() => {
    const stop = new AbortController();
    const read = async () => {
      while (!stop.signal.aborted) {
        try {
          const path = `/api/v1/jobs?limit=${size}${query && `&${query}`}`;
          const { items, cursor } = await ask<Page>('GET', path, { signal: stop.signal });
          setSeen({ items, cursor, query });
        } catch (failed) {
          if (stop.signal.aborted) return;
          if (!(failed instanceof Refusal)) throw failed;
          setSeen((before) => ({ ...(before.query === query ? before : {}), failed, query }));
        }
        await untilNews(() => true, longestMs, stop.signal);
        await new Promise((resolve) => setTimeout(resolve, shortestMs));
      }
    };
    void read();
    return () => stop.abort();
  }, [query, size, turn]);
  const { cursor, query: of, ...jobs } = seen;
  if (of !== query) return {};
  return cursor && size < 200 ? { ...jobs, more: () => setSize(200) } : jobs;
};
