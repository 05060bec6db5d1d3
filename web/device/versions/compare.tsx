import { now } from '../../data/clock.ts';
import type { JobSummary } from '../../data/types.ts';
import { Difference } from '../../diff/difference.tsx';
import { LayoutButtons, layoutOf } from '../../diff/layout.tsx';
import { parseDiff, sizeOf } from '../../diff/parse.ts';
import { Failed } from '../../parts/failed.tsx';
import { go, withQuery } from '../../shell/route.ts';
import { Choose } from './choose.tsx';
import { useDifference } from './use-difference.ts';
import { versionsOf } from './versions.ts';

const present = [
  { id: 'running', name: 'running configuration' },
  { id: 'startup', name: 'startup configuration' },
];

type Props = { device: string; jobs: readonly JobSummary[]; before: string; after: string };

/** Two configurations that a device has, beside each other. */
export const Compare = ({ device, jobs, before, after }: Props) => {
  const { diff, failed, again } = useDifference(device, { before, after });
  const options = [...present, ...versionsOf(jobs, now.value)];
  const size = sizeOf(parseDiff(diff ?? ''));
  const layout = layoutOf(size);
  const isBusy = diff === undefined && !failed;
  return (
    <section id="versions" aria-label="Two versions">
      <div class="sect">
        <h2>Two versions</h2>
        <p>{diff && `+${size.add} −${size.del}, secrets masked after comparison`}</p>
        <div class="btns">
          <LayoutButtons layout={layout} />
          <button class="btn" type="button" disabled={isBusy} onClick={again}>
            {isBusy ? 'Comparing' : 'Compare again'}
          </button>
          <button class="btn bare" type="button" onClick={() => go(withQuery({ before: '', after: '' }), 'replace')}>
            Close
          </button>
        </div>
      </div>
      <div class="tools versions">
        <Choose word="From" name="before" value={before} options={options} />
        <Choose word="To" name="after" value={after} options={options} />
      </div>
      <Failed refusal={failed} />
      {diff ? (
        <Difference diff={diff} layout={layout} />
      ) : (
        !failed && (
          <p class="quiet" role="status">
            {isBusy ? 'Reading both from the device.' : 'No difference.'}
          </p>
        )
      )}
    </section>
  );
};
