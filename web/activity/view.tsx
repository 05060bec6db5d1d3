import { useState } from 'preact/hooks';
import { now } from '../data/clock.ts';
import type { JobSummary } from '../data/types.ts';
import { Failed } from '../parts/failed.tsx';
import { Head } from '../parts/head.tsx';
import { Badge } from '../parts/mark.tsx';
import { Text } from '../parts/text.tsx';
import { useKeys } from '../shell/keys.ts';
import { go, place, withQuery } from '../shell/route.ts';
import { duration, shortTime } from '../words/time.ts';
import { count, sentence } from '../words/words.ts';
import { outcomeOf } from './outcome.ts';
import { useJobs } from './use-jobs.ts';

const kinds = [
  'deploy',
  'rollback',
  'hold',
  'command',
  'diff',
  'test',
  'config',
  'bgp',
  'facts',
  'file-get',
  'file-put',
] as const;

const detailOf = ({ outcome, forced, change }: JobSummary): string =>
  outcome?.kind === 'failed' ? outcome.detail : (forced ?? change ?? '');

const tookOf = ({ createdAt, finishedAt }: JobSummary): string =>
  finishedAt ? duration(Date.parse(finishedAt) - Date.parse(createdAt)) : '';

const verdictOf = (items: readonly JobSummary[]): string => {
  const open = items.filter(({ state }) => state !== 'finished').length;
  const failed = items.filter((job) => outcomeOf(job).mark === 'out').length;
  if (items.length === 0) return 'No jobs in the last 30 days.';
  const parts = [open > 0 && `${open} in progress or waiting`, failed > 0 && `${failed} failed`].filter(Boolean);
  const of = `of the last ${count(items.length, 'job')}`;
  return parts.length === 0 ? `${sentence(of)}, none failed.` : `${sentence(of)}, ${parts.join(', and ')}.`;
};

/** Who did what, when, and how did it end? */
export const ActivityView = () => {
  const { query } = place.value;
  const [kind, select] = [query.get('kind') ?? '', query.get('select') ?? ''];
  const [typed, setTyped] = useState(select);
  const asked = new URLSearchParams({ ...(kind && { kind }), ...(select && { select }) }).toString();
  const { items, failed, more } = useJobs(asked, 50);
  useKeys(() => [{ press: '/', does: 'filter', run: () => document.getElementById('select')?.focus() }], []);
  return (
    <>
      <Head
        title="Activity"
        answer={items ? verdictOf(items) : 'Reading the jobs.'}
        rest="Newest first, times in UTC."
      />
      <section>
        <form
          class="tools"
          onSubmit={(event) => {
            event.preventDefault();
            go(withQuery({ select: typed.trim() }));
          }}
        >
          <label class="filter">
            <span class="vh">Devices, by selector</span>
            <input
              id="select"
              value={typed}
              spellcheck={false}
              autocomplete="off"
              placeholder="leaf*, role=spine"
              onInput={({ currentTarget }) => setTyped(currentTarget.value)}
            />
          </label>
          <label class="choose">
            <span class="quiet">Kind</span>
            <select
              value={kind}
              onChange={({ currentTarget }) => go(withQuery({ kind: currentTarget.value }), 'replace')}
            >
              <option value="">all</option>
              {kinds.map((one) => (
                <option key={one}>{one}</option>
              ))}
            </select>
          </label>
        </form>
        <Failed refusal={failed} />
        {items && items.length > 0 && (
          <table class="tbl flow">
            <caption class="vh">Jobs, newest first</caption>
            <thead>
              <tr>
                <th scope="col">Time</th>
                <th scope="col">Who</th>
                <th scope="col">What</th>
                <th scope="col">Device</th>
                <th scope="col">Outcome</th>
                <th scope="col">Detail</th>
                <th scope="col" class="end">
                  Took
                </th>
              </tr>
            </thead>
            <tbody>
              {items.map((job) => (
                <tr key={job.id}>
                  <td class="m">
                    <time dateTime={job.createdAt}>{shortTime(job.createdAt, now.value)}</time>
                  </td>
                  <td>
                    <Text>{job.author ?? '–'}</Text>
                    {job.claimed && <span class="quiet"> (claimed)</span>}
                  </td>
                  <td>{job.kind}</td>
                  <td>
                    <a class="name" href={`/devices/${job.device}?job=${job.id}`}>
                      {job.device}
                    </a>
                  </td>
                  <td>
                    <Badge {...outcomeOf(job)} />
                  </td>
                  <td class="why" title={detailOf(job)}>
                    <Text>{detailOf(job)}</Text>
                  </td>
                  <td class="end quiet hide-s">{tookOf(job)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
        {more && (
          <p class="more">
            <button class="btn" type="button" onClick={more}>
              Show more
            </button>
          </p>
        )}
      </section>
    </>
  );
};
