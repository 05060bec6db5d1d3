import { type History, partsOf, runsOf, type SessionHistory } from './history.ts';
import { countWords, stripWords } from './history-words.ts';
import { boxesOf, wide } from './strip-boxes.ts';

const sparkWide = 80;

type Props = { history: History; session: SessionHistory; hours: number };

const startOf = ({ endMs }: History, hours: number): number => endMs - hours * 3_600_000;

/** Whether a session was up, over time. */
export const Strip = ({ history, session, hours }: Props) => {
  const parts = partsOf(history, session, startOf(history, hours));
  const boxes = boxesOf(parts, startOf(history, hours), history.endMs);
  const downLast = [...boxes].sort((one, other) => Number(one.class === 'down') - Number(other.class === 'down'));
  return (
    <svg class="strip" viewBox={`0 0 ${wide} 12`} preserveAspectRatio="none" role="img">
      <title>{stripWords(parts)}</title>
      {downLast.map((box) => (
        <rect key={`${box.class} ${box.x}`} {...box} />
      ))}
    </svg>
  );
};

/** The prefixes that a session received, over time: no axis, the last count marked. */
export const Spark = ({ history, session, hours }: Props) => {
  const startMs = startOf(history, hours);
  const runs = runsOf(history, session, startMs);
  const numbers = runs.flat().map(([, number]) => number);
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  const at = ([ms, number]: [number, number]): [number, number] => [
    ((ms - startMs) / (history.endMs - startMs)) * (sparkWide - 2),
    high === low ? 8 : 14 - ((number - low) / (high - low)) * 12,
  ];
  const line = (run: [number, number][]) =>
    `M${run
      .map((point) =>
        at(point)
          .map((one) => one.toFixed(1))
          .join(' '),
      )
      .join('L')}${run.length === 1 ? 'h1' : ''}`;
  const last = runs.at(-1)?.at(-1);
  const [x, y] = last ? at(last) : [0, 0];
  return (
    <svg class="spark" viewBox={`0 0 ${sparkWide} 16`} role="img">
      <title>{countWords(runs)}</title>
      <path d={runs.map(line).join('')} />
      {last && <circle cx={x} cy={y} r="1.8" />}
    </svg>
  );
};
