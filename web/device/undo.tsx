import { useState } from 'preact/hooks';
import { ask } from '../data/http.ts';
import { Failed } from '../parts/failed.tsx';
import { useWork } from '../parts/use-work.ts';

type Props = { job: string; device: string; word?: string; would?: string };

/** Asks before it takes a deployment back, and says what that would do. */
export const Undo = ({
  job,
  device,
  word = 'Undo now',
  would = `${device} goes back to what it ran before`,
}: Props) => {
  const [asking, setAsking] = useState(false);
  const work = useWork();
  const undo = () => {
    setAsking(false);
    work.run(() => ask('DELETE', `/api/v1/jobs/${job}`));
  };
  return (
    <>
      {asking ? (
        <div class="btns sure">
          <p>
            {would}; job <code>{job.slice(0, 12)}</code> is cancelled.
          </p>
          <button class="btn do" type="button" onClick={undo}>
            {word}
          </button>
          <button class="btn" type="button" onClick={() => setAsking(false)}>
            Keep it
          </button>
        </div>
      ) : (
        <button
          class="btn"
          type="button"
          data-key="u"
          disabled={work.busy || work.done}
          onClick={() => setAsking(true)}
        >
          {work.busy ? 'Asked' : work.done ? 'Being undone' : `${word}…`}
        </button>
      )}
      <Failed refusal={work.failed} />
    </>
  );
};
