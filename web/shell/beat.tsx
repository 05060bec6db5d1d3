import { now } from '../data/clock.ts';
import { connection, heardAt } from '../data/live.ts';
import { Glyph } from '../parts/mark.tsx';
import { age } from '../words/time.ts';

const told = (): string => {
  switch (connection.value.kind) {
    case 'live':
      return `live, last heard ${age(heardAt.value, now.value)} ago`;
    case 'lost':
      return 'no connection';
    case 'connecting':
      return 'connecting';
    default:
      return connection.value satisfies never;
  }
};

/** Whether what is shown is kept up to date; it moves only while it is. */
export const Beat = ({ short = false }: { short?: boolean }) => {
  const isLive = connection.value.kind === 'live';
  return (
    <span class="beat">
      <Glyph mark={isLive ? 'past' : 'none'} alive={isLive} />
      {short ? told().split(',')[0] : told()}
    </span>
  );
};
