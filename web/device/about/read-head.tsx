import type { Reading } from '../../data/use-reading.ts';
import { Age } from '../../parts/age.tsx';

/** The head of what is read of a device: how old it is, and a way to read it again. */
export const ReadHead = ({ title, reading }: { title: string; reading: Reading }) => {
  const { job, looked, busy, again } = reading;
  const at = job?.finishedAt ?? job?.updatedAt;
  return (
    <div class="sect">
      <h2>{title}</h2>
      <p>
        {at !== undefined && (
          <>
            read <Age since={at} /> ago
          </>
        )}
        {at === undefined && looked && 'not read yet'}
      </p>
      <div class="btns">
        <button class="btn bare" type="button" disabled={busy} onClick={again}>
          {busy ? 'Reading' : at === undefined ? 'Read' : 'Read again'}
        </button>
      </div>
    </div>
  );
};
