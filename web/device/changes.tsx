import { useMemo } from 'preact/hooks';
import type { Device, Job } from '../data/types.ts';
import { useReading } from '../data/use-reading.ts';
import { Difference } from '../diff/difference.tsx';
import { LayoutButtons, layoutOf } from '../diff/layout.tsx';
import { parseDiff, sizeOf } from '../diff/parse.ts';
import { Age } from '../parts/age.tsx';
import { Failed } from '../parts/failed.tsx';
import { Approval } from './approval.tsx';

/** What stands between running and intended: as compared now, as it waits for an approval, or as the last job changed it. */
export const Changes = ({ device, job }: { device: Device; job: Job | undefined }) => {
  const compared = useReading(device.device, 'diff');
  const fresh = (compared.job?.result as { diff?: string } | undefined)?.diff;
  const waits = job?.state === 'awaiting';
  const diff = waits ? job.diff : (fresh ?? job?.diff);
  const isFresh = !waits && fresh !== undefined;
  const at = compared.job?.finishedAt;
  const size = useMemo(() => sizeOf(parseDiff(diff ?? '')), [diff]);
  const layout = layoutOf(size);
  return (
    <section id="difference">
      <div class="sect">
        <h2>Difference</h2>
        <p>
          {diff && `+${size.add} −${size.del} `}
          {isFresh && at !== undefined ? (
            <>
              running to intended, compared on the device <Age since={at} /> ago
            </>
          ) : waits ? (
            'running to intended, awaiting approval'
          ) : (
            diff && job && `of job ${job.id.slice(0, 12)}`
          )}
        </p>
        <div class="btns">
          <LayoutButtons layout={layout} />
          <button class="btn" type="button" data-key="d" disabled={compared.busy} onClick={compared.again}>
            {compared.busy ? 'Comparing' : 'Compare now'}
          </button>
        </div>
      </div>
      <Failed refusal={compared.failed} />
      {diff ? (
        <Difference diff={diff} layout={layout} />
      ) : (
        <p class="quiet">{diff === '' ? 'No difference.' : 'Not compared yet.'}</p>
      )}
      {waits && <Approval key={job.id} job={job} />}
    </section>
  );
};
