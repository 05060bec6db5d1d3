import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { ask } from '../data/http.ts';
import { Act } from '../parts/act.tsx';
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
  const sure = useRef<HTMLButtonElement>(null);
  // with the question, not after it was painted: the next key answers it
  useLayoutEffect(() => {
    if (asking) sure.current?.focus();
  }, [asking]);
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
          <button ref={sure} class="btn do" type="button" onClick={undo}>
            {word}
          </button>
          <button class="btn" type="button" onClick={() => setAsking(false)}>
            Keep it
          </button>
        </div>
      ) : (
        <Act needs="cancel" name="u" busy={work.busy || work.done} act={() => setAsking(true)}>
          {work.busy ? 'Requested' : work.done ? 'Undoing' : `${word}…`}
        </Act>
      )}
      <Failed refusal={work.failed} />
    </>
  );
};
