import { setTimeout as wait } from 'node:timers/promises';
import { isOutcome, PlumbError } from '../../core/errors.ts';
import { ask } from '../../core/store/ask.ts';
import { countBgp } from '../../runners/lifecycle/checks/bgp.ts';
import type { Bgp } from '../../runners/shapes.ts';
import { each } from '../asking/each.ts';
import type { Context } from '../context.ts';
import { table } from '../output/output.ts';
import type { Progress } from '../output/progress.ts';
import { type Row, statusColumns, statusRows } from '../verbs/status.ts';
import { drifted, settled } from './settled.ts';

const everyMs = 400;
/** If a device failed for good, sessions with it never come up: the others get this long for theirs. */
const graceMs = 10_000;
/** The table is shown once nothing has moved for this long. */
const stillMs = 8_000;
/** What is over sooner is not reported: a device that a runner releases and takes again. */
const passingMs = 3_000;

/** The sessions as the devices have them now: the records may be older than the last deployment. */
const withBgp = async (context: Context, rows: readonly Row[]): Promise<Row[]> => {
  const store = await context.store();
  return each(rows, async (row): Promise<Row> => {
    if (!row.state || row.sync !== 'in_sync') return row;
    try {
      const { bgp } = (await ask(store, row.device, 'bgp', {}, { author: 'plumb up' })) as { bgp: Bgp };
      return { ...row, state: { ...row.state, bgp: { ...countBgp(bgp), at: new Date().toISOString() } } };
    } catch (error) {
      if (isOutcome(error, 'unsupported')) return row; // a platform without BGP
      if (error instanceof PlumbError) return { ...row, sync: 'unknown', reason: error.message };
      throw error;
    }
  });
};

/**
 * Waits until nothing more happens to any device by itself.
 *
 * @param stays it keeps watching afterwards, so it does not wait for what no longer moves
 * @returns the rows as they were last seen: also after the timeout, or at Ctrl-C
 */
export const untilSettled = async (
  context: Context,
  progress: Progress,
  seconds: number,
  stays: boolean,
): Promise<Row[]> => {
  const deadline = performance.now() + seconds * 1000;
  const show = (rows: readonly Row[], over: boolean) => {
    for (const row of rows) {
      const { bgp } = row.state ?? {};
      const waits = !over && row.sync === 'in_sync' && bgp && bgp.established < bgp.expected;
      progress.set(`${row.device} BGP`, waits ? `${bgp.established}/${bgp.expected}` : undefined);
    }
  };
  let quietSince: number | undefined;
  let stillSince = performance.now();
  let before = '';
  for (;;) {
    let rows = await statusRows(context);
    const quiet = rows.length > 0 && rows.every((row) => row.sync === 'in_sync' || settled(row) !== 'not yet');
    if (quiet) rows = await withBgp(context, rows);
    quietSince = quiet ? (quietSince ?? performance.now()) : undefined;
    const hopeless =
      rows.some((row) => settled(row) === 'bad') && performance.now() - (quietSince ?? Infinity) > graceMs;
    const done = quiet && (hopeless || rows.every((row) => settled(row) !== 'not yet'));
    const now = rows.map((row) => [row.device, row.sync, row.reason, row.state?.bgp?.established].join(' ')).join('\n');
    if (now !== before || rows.some(({ sync }) => sync === 'deploying')) stillSince = performance.now();
    before = now;
    const still = stays && performance.now() - stillSince > stillMs;
    const over = done || still || performance.now() > deadline || context.signal.aborted;
    show(rows, over);
    if (over) return rows;
    await wait(quiet ? 1_000 : everyMs, undefined, { signal: context.signal }).catch(() => {});
  }
};

/** What `--once` reports for each device that is not as it should be. */
export const complaints = (rows: readonly Row[]): string =>
  rows
    .filter((row) => settled(row) !== 'good')
    .map((row) => {
      const { bgp } = row.state ?? {};
      const missing =
        row.sync === 'in_sync' && bgp ? `BGP ${bgp.established} of ${bgp.expected} established` : row.sync;
      return `plumb: ${row.device}: ${missing}${row.reason ? `: ${row.reason}` : ''}\n`;
    })
    .join('');

export const statusTable = (context: Context, rows: readonly Row[]): string =>
  table(rows, statusColumns, 'table', context.colour);

/** Reports what changes without a job: drift, a lost session, a BGP session that went down. */
export const tellChanges = async (context: Context, progress: Progress, first: readonly Row[]): Promise<void> => {
  const began = new Date().toISOString();
  const line = ({ sync, reason, state }: Row) => {
    const { bgp } = state ?? {};
    // a count from before the last look at the devices themselves is no news
    const down = bgp && bgp.at > began && bgp.established < bgp.expected;
    return `${sync}${down ? `, BGP ${bgp.established} of ${bgp.expected}` : ''}${reason ? `: ${reason}` : ''}`;
  };
  const told = new Map(first.map((row) => [row.device, line(row)]));
  const since = new Map<string, { now: string; ms: number }>();
  while (!context.signal.aborted) {
    await wait(1_000, undefined, { signal: context.signal }).catch(() => {});
    if (context.signal.aborted) return;
    const rows = await statusRows(context).catch(() => []); // NATS may be unreachable for a moment
    for (const row of rows) {
      const now = line(row);
      if (since.get(row.device)?.now !== now) since.set(row.device, { now, ms: performance.now() });
      // what a job does is reported by the job
      const busy = row.sync === 'deploying' || row.sync === 'awaiting' || row.state?.trial;
      if (busy || now === told.get(row.device)) continue;
      if (performance.now() - (since.get(row.device)?.ms ?? 0) < passingMs) continue;
      told.set(row.device, now);
      if (settled(row) === 'bad' && !drifted(row)) continue;
      progress.clear();
      context.out(`${row.device}: ${now}\n`);
    }
  }
};
