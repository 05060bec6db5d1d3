import { outcomeOf } from '../../activity/outcome.ts';
import { useJobs } from '../../activity/use-jobs.ts';
import { now } from '../../data/clock.ts';
import type { Refusal } from '../../data/refusal.ts';
import type { Device, JobSummary } from '../../data/types.ts';
import { Failed } from '../../parts/failed.tsx';
import { Glyph } from '../../parts/mark.tsx';
import { Text } from '../../parts/text.tsx';
import { withQuery } from '../../shell/route.ts';
import { age } from '../../words/time.ts';

const Line = ({ job, at }: { job: JobSummary; at: boolean }) => {
  const { mark, tone, word } = outcomeOf(job);
  return (
    <li>
      <time dateTime={job.createdAt} title={job.createdAt}>
        {age(job.createdAt, now.value)}
      </time>
      <Glyph mark={mark === 'sync' ? 'past' : mark} tone={tone} />
      <p>
        <a href={withQuery({ job: job.id })} aria-current={at ? 'true' : undefined}>
          {job.kind} {word}
        </a>{' '}
        {job.commit && <code>{job.commit.slice(0, 7)}</code>} {job.author && <Text>{`by ${job.author}`}</Text>}
      </p>
    </li>
  );
};

type Done = { jobs: readonly JobSummary[] | undefined; failed?: Refusal | undefined };

/** The deployments and rollbacks of a device, newest first. */
export const useHistory = (device: string): Done => {
  const deploys = useJobs(`select=${device}&kind=deploy`, 20, device);
  const rollbacks = useJobs(`select=${device}&kind=rollback`, 20, device);
  const both = deploys.items && rollbacks.items && [...deploys.items, ...rollbacks.items];
  return { jobs: both?.sort((one, other) => (one.id < other.id ? 1 : -1)), failed: deploys.failed ?? rollbacks.failed };
};

/** What was done to a device, newest first; each leads to its record. */
export const History = ({ device, done, shown }: { device: Device; done: Done; shown: string | undefined }) => {
  const { jobs, failed } = done;
  return (
    <section>
      <div class="sect">
        <h2>History</h2>
        <a href={`/activity?select=${device.device}`}>All jobs</a>
      </div>
      <Failed refusal={failed} />
      {jobs?.length === 0 && <p class="quiet">Nothing was deployed in the last 30 days.</p>}
      <ol class="log">
        {jobs?.slice(0, 20).map((job) => (
          <Line key={job.id} job={job} at={job.id === shown} />
        ))}
      </ol>
    </section>
  );
};
