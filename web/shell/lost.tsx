import { now } from '../data/clock.ts';
import { connection, heardAt, tryNow } from '../data/live.ts';
import { age, clockTime } from '../words/time.ts';

/** Said once, at the top: everything under it is as old as this says. */
export const LostLine = () => {
  const state = connection.value;
  if (state.kind !== 'lost') return null;
  const next = Math.max(0, Math.ceil((state.nextTry - now.value) / 1000));
  return (
    <div class="lost" role="alert">
      <b>No connection for {age(state.since, now.value)}.</b>
      <span>
        {state.why}.{' '}
        {heardAt.value > 0 && (
          <>
            What you see is as of <span class="m">{clockTime(heardAt.value)}</span>.{' '}
          </>
        )}
        Trials continue: devices undo them by themselves.
      </span>
      <button class="btn" type="button" onClick={tryNow}>
        Try now{next > 0 && ` (next try in ${next} s)`}
      </button>
    </div>
  );
};
