import { ask } from '../data/http.ts';
import type { Job } from '../data/types.ts';
import { Act } from '../parts/act.tsx';
import { Failed } from '../parts/failed.tsx';
import { useWork } from '../parts/use-work.ts';
import { Undo } from './undo.tsx';

/** The question under a difference that waits for an approval. The answer names exactly what is shown above it. */
export const Approval = ({ job }: { job: Job }) => {
  const work = useWork();
  const approve = () =>
    work.run(() => {
      const seen = { intent: job.generation?.sha256, running: job.runningSha256 }; // JSON leaves out what is undefined
      return ask('POST', `/api/v1/jobs/${job.id}/approve`, { body: seen });
    });
  return (
    <section class="ask" aria-label="Approval">
      <div>
        <p>
          <b>Deploy this difference to {job.device}?</b> It becomes a trial of {job.confirmSeconds ?? 'some'} s that the
          device undoes by itself, unless every check passes.
        </p>
        <Failed refusal={work.failed} />
      </div>
      <div class="btns">
        <Act needs="approve" first name="a" busy={work.busy || work.done} act={approve}>
          {work.done ? 'Approved' : 'Approve'} <kbd>a</kbd>
        </Act>
        <Undo job={job.id} device={job.device} word="Refuse" would={`${job.device} stays as it is`} />
      </div>
    </section>
  );
};
