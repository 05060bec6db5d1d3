import { Command, Option } from 'commander';
import { type Job, type JobKind, jobKinds, streams, subjects } from '../../core/bus.ts';
import { defined } from '../../core/defined.ts';
import { PlumbError } from '../../core/errors.ts';
import { steps } from '../../core/steps.ts';
import { watchJob } from '../../core/store/job-watch.ts';
import { commandOf, getJob, type JobQuery, listJobs, sharedId } from '../../core/store/jobs.ts';
import type { Context } from '../context.ts';
import { deviceArgument, pickDevices, selectOption, type Wanted } from '../inventory/devices.ts';
import { claim, outcomeColour, outcomeLine, outcomeWord } from '../output/outcome.ts';
import { type Column, type Format, outputOption, print, watchOption } from '../output/output.ts';
import { age, oneLine, shortId } from '../output/text.ts';
import { showWatched } from '../output/watched.ts';

/**
 * @param id complete, or enough of its first characters to name a single job
 * @throws PlumbError `unknown_job`
 */
export const findJob = async (context: Context, id: string): Promise<Job> => {
  const store = await context.store();
  const filter = subjects.jobs(store.site);
  const info = await store.jsm.streams.info(streams.jobs(store.site), { subjects_filter: filter });
  const named = Object.keys(info.state.subjects ?? {})
    .map((subject) => ({ device: subject.split('.')[1] ?? '', id: subject.split('.')[3] ?? '' }))
    .filter((each) => id !== '' && each.id.startsWith(id));
  const [first] = named;
  if (!first) {
    throw new PlumbError('unknown_job', `${id}: no such job`, { hint: '`plumb jobs` lists the last ones' });
  }
  if (named.length > 1) {
    if (named.every((each) => each.id === first.id)) throw sharedId(first.id);
    const list = named.slice(0, 5).map((each) => each.id);
    throw new PlumbError(
      'unknown_job',
      `${id}: ${named.length} jobs start with it: ${list.join(', ')}${named.length > list.length ? ', …' : ''}`,
      {
        hint: 'give more characters of the id',
      },
    );
  }
  const job = await getJob(store, first.id, first.device);
  if (!job) throw new PlumbError('unknown_job', `${first.id}: its record cannot be read`);
  return job;
};

/** Without the email address, which only `plumb job` shows. */
export const authorName = ({ author = '' }: Job): string => author.replace(/ <[^>]*>$/, '');

/** What `plumb jobs` prints of a job. */
export const jobColumns: readonly Column<Job>[] = [
  { head: 'JOB', cell: ({ id }) => shortId(id) },
  { head: 'ID', cell: ({ id }) => id, wide: true },
  { head: 'DEVICE', cell: ({ device }) => device },
  { head: 'KIND', cell: (job) => (job.dryRun ? `${job.kind} (dry run)` : job.kind) },
  { head: 'OUTCOME', cell: outcomeWord, colour: outcomeColour },
  { head: 'COMMIT', cell: (job) => claim((job.commit ?? '').slice(0, 8), job) },
  { head: 'AUTHOR', cell: (job) => claim(authorName(job), job) },
  { head: 'AGE', moves: true, cell: ({ createdAt }) => age(createdAt) },
  { head: 'RUNNER', cell: ({ runner }) => runner ?? '', wide: true },
  { head: 'COMMAND', cell: (job) => oneLine(commandOf(job) ?? ''), wide: true },
  { head: 'DETAIL', cell: (job) => [outcomeLine(job), ...job.warnings].join('; '), wide: true },
];

type Options = Wanted & { output: Format; state?: string; kind?: JobKind; limit: string; all?: boolean; watch?: true };

/** Frequent reads that change nothing. */
const monitoring: ReadonlySet<JobKind> = new Set<JobKind>(['bgp', 'bgp-detail', 'facts', 'interfaces-ip']);

const newest = async (context: Context, query: JobQuery, wanted: (job: Job) => boolean, most: number) => {
  const store = await context.store();
  const found: Job[] = [];
  let page: Awaited<ReturnType<typeof listJobs>> | undefined;
  do {
    page = await listJobs(store, { ...query, limit: 100, ...(page?.cursor ? { cursor: page.cursor } : {}) });
    found.push(...page.jobs.filter(wanted));
  } while (page.cursor && found.length < most && !context.signal.aborted);
  return found.slice(0, most);
};

/** `plumb jobs`: what was done, and what is in progress. */
export const jobsVerb = (context: Context): Command =>
  new Command('jobs')
    .description('List jobs, newest first.')
    .argument('[device...]', deviceArgument)
    .addOption(selectOption())
    .addOption(new Option('--kind <kind>', 'only jobs of this kind').choices([...jobKinds]))
    .addOption(new Option('--state <step>', 'only jobs in this step').choices([...steps]))
    .option('--all', 'include reads of BGP and facts, of which monitoring makes many')
    .option('--limit <count>', 'how many at most', '20')
    .addOption(outputOption())
    .addOption(watchOption())
    .addHelpText(
      'after',
      '\nExample:\n  $ plumb jobs --watch\n  $ plumb jobs leaf1 --kind deploy\n  $ plumb jobs --state awaiting',
    )
    .action(async (named: string[], { output, state, kind, limit, all, watch, ...only }: Options) => {
      const most = Number(limit);
      if (!Number.isInteger(most) || most < 1)
        throw new PlumbError('invalid_request', `--limit ${limit}: expected a whole number of at least 1`);
      const picked = named.length > 0 || only.select !== undefined;
      const devices = picked
        ? (await pickDevices(context, { ...only, devices: named })).map(({ device }) => device)
        : undefined;
      const query = defined({ devices, state, kind });
      const wanted = (job: Job) => all || kind !== undefined || !monitoring.has(job.kind);
      const read = () => newest(context, query, wanted, most);
      if (!watch) return print(context, output, await read(), jobColumns);
      const news = [watchJob(await context.store(), '*', context.signal)];
      const key = ({ id }: Job) => id;
      await showWatched(context, output, {
        columns: jobColumns,
        key,
        record: (job) => job,
        read,
        news,
        tellsGone: false,
      });
    });
