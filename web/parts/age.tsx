import { now } from '../data/clock.ts';
import { age } from '../words/time.ts';
import { Glyph } from './mark.tsx';

/** How long ago something was, kept up to date. @param since RFC 3339 */
export const Age = ({ since }: { since: string }) => (
  <time dateTime={since} title={since}>
    {age(since, now.value)}
  </time>
);

/** The age of what is shown although nobody looks any more. */
export const Old = ({ since }: { since: string }) => (
  <span class="age">
    <Glyph mark="clock" />
    <span class="vh">last known </span>
    <Age since={since} />
  </span>
);
