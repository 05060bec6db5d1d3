import { now } from '../../data/clock.ts';
import { ask } from '../../data/http.ts';
import type { Device, Job, JobSummary } from '../../data/types.ts';
import { Difference } from '../../diff/difference.tsx';
import { LayoutButtons, layoutOf } from '../../diff/layout.tsx';
import { parseDiff, sizeOf } from '../../diff/parse.ts';
import { Act } from '../../parts/act.tsx';
import { Age } from '../../parts/age.tsx';
import { Failed } from '../../parts/failed.tsx';
import { useWork } from '../../parts/use-work.ts';
import { go, withQuery } from '../../shell/route.ts';
import { Choose } from './choose.tsx';
import { useDifference } from './use-difference.ts';
import { stampOf, versionsOf } from './versions.ts';

const close = () => go(withQuery({ rollback: '' }), 'replace');

type Props = { device: Device; jobs: readonly JobSummary[]; to: string };

/** Shows what a rollback would change, by the device's own diff, before it can be asked for. */
export const RollBack = ({ device, jobs, to }: Props) => {
  const name = device.device;
  const { job, diff, stamp, failed, again } = useDifference(name, { to }, stampOf(device));
  const work = useWork();
  const size = sizeOf(parseDiff(diff ?? ''));
  const layout = layoutOf(size);
  const isBusy = diff === undefined && !failed;
  const isOld = diff !== undefined && stamp !== stampOf(device);
  const rollBack = () =>
    work.run(async () => {
      const { id } = await ask<Job>('POST', `/api/v1/devices/${name}/rollback`, { body: { to } });
      go(withQuery({ rollback: '', job: id }), 'replace');
    });
  return (
    <section id="rollback" aria-label="Roll back">
      <div class="sect">
        <h2>Roll back</h2>
        <p>
          {diff && `+${size.add} −${size.del}, what ${name} would change, `}
          {job?.finishedAt && (
            <>
              compared on the device <Age since={job.finishedAt} /> ago
            </>
          )}
        </p>
        <div class="btns">
          <LayoutButtons layout={layout} />
          <button class="btn" type="button" disabled={isBusy} onClick={again}>
            {isBusy ? 'Comparing' : 'Compare again'}
          </button>
          <button class="btn bare" type="button" onClick={close}>
            Keep what runs
          </button>
        </div>
      </div>
      <div class="tools versions">
        <Choose word="To what ran" name="rollback" value={to} options={versionsOf(jobs, now.value)} />
      </div>
      <Failed refusal={failed} />
      {isBusy && (
        <p class="quiet" role="status">
          The device loads it and compares; nothing is changed.
        </p>
      )}
      {diff === '' && <p class="quiet">{name} already runs this: a rollback would change nothing.</p>}
      {diff && <Difference diff={diff} layout={layout} />}
      {diff && isOld && <p class="warning">What {name} runs has changed since this was compared. Compare again.</p>}
      {diff && !isOld && (
        <div class="ask">
          <div>
            <p>
              <b>Roll {name} back to this?</b> It becomes a trial with all checks. What it takes back is not deployed
              again until its content changes or someone resumes the device.
            </p>
            <Failed refusal={work.failed} />
          </div>
          <div class="btns">
            <Act needs="deploy" first busy={work.busy || work.done} act={rollBack}>
              {work.busy ? 'Requested' : 'Roll back now'}
            </Act>
          </div>
        </div>
      )}
    </section>
  );
};
