import { withQuery } from '../shell/route.ts';
import type { Filtered } from './filter.ts';

type Props = { filter: string; problem: Filtered['problem']; out: number };

/** Says why a filter leaves nothing, and the way out. */
export const NoneLeft = ({ filter, problem, out }: Props) => (
  <div class="empty" role="status">
    <p>{problem?.text ?? `No device matches ${filter}.`}</p>
    {problem?.hint && <p class="quiet">{problem.hint}</p>}
    <p>
      <a href={withQuery({ filter: '' })}>Clear the filter</a>
      {out > 0 && (
        <>
          {' or '}
          <a href={withQuery({ filter: 'sync=out_of_sync' })}>look at all {out} that are out of sync</a>
        </>
      )}
      .
    </p>
  </div>
);
