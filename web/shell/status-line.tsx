import { now } from '../data/clock.ts';
import { clockTime } from '../words/time.ts';
import { Beat } from './beat.tsx';
import { helpOpen, viewKeys } from './keys.ts';

const shown: Record<string, string> = { Enter: '↵', Escape: 'esc' };

/** A key as it is written on the keyboard; `g f` is two of them. */
export const Press = ({ press }: { press: string }) => (
  <>
    {press.split(' ').map((one) => (
      <kbd key={one}>{shown[one] ?? one}</kbd>
    ))}
  </>
);

/** The connection, the clock, and the keys that work here. */
export const StatusLine = () => (
  <footer class="foot">
    <Beat />
    <span class="m">{clockTime(now.value)} UTC</span>
    <span class="keys">
      {viewKeys.value
        .filter(({ quiet }) => !quiet)
        .map(({ press, does }) => (
          <span key={press}>
            <Press press={press} /> {does}
          </span>
        ))}
      <button type="button" onClick={() => (helpOpen.value = true)}>
        <kbd>?</kbd> keys
      </button>
    </span>
  </footer>
);
