import { outcomeOf } from '../activity/outcome.ts';
import { now } from '../data/clock.ts';
import type { Job } from '../data/types.ts';
import { Glyph } from '../parts/mark.tsx';
import { Text } from '../parts/text.tsx';
import { clockTime, duration } from '../words/time.ts';
import { type StepLine, stepLines } from './steps.ts';

const marks = {
  past: { mark: 'past', tone: 'sync' },
  live: { mark: 'move', tone: 'move' },
  next: { mark: 'next', tone: 'none' },
  failed: { mark: 'out', tone: 'out' },
} as const;

const Bar = ({ line: { kind, from, to } }: { line: StepLine }) => (
  <svg class="gantt" viewBox="0 0 200 8" preserveAspectRatio="none" aria-hidden="true">
    {kind === 'next' ? (
      <rect class="rail" x="0" y="3.5" width="200" height="1" />
    ) : (
      <rect
        class={kind === 'live' ? 'live alive' : kind === 'failed' ? 'bad' : ''}
        x={from * 200}
        y="0"
        width={Math.max(1, (to - from) * 200)}
        height="8"
      />
    )}
  </svg>
);

/** One run of the lifecycle, step by step: what took how long, and what the device said. */
export const Deployment = ({ job }: { job: Job }) => {
  const lines = stepLines(job, job.state === 'finished' ? 0 : now.value);
  const { word } = outcomeOf(job);
  const detail = job.outcome?.kind === 'failed' ? job.outcome.detail : '';
  return (
    <section>
      <div class="sect">
        <h2>
          {job.kind === 'deploy' ? 'Deployment' : 'Job'} <code>{job.id.slice(0, 12)}</code>
        </h2>
        <p>
          {word}, begun {clockTime(job.createdAt)}
          {job.author && `, by ${job.author}`}, logarithmic scale
        </p>
      </div>
      <ol class="steps roomy">
        {lines.map((line, at) => (
          <li key={at} class={line.kind === 'next' ? 'next' : ''}>
            <Glyph {...marks[line.kind]} />
            <span>{line.kind === 'live' ? <b>{line.step}</b> : line.step}</span>
            <span class={`said ${line.kind === 'live' ? 'live-said' : ''}`}>
              <Text>{line.said}</Text>
            </span>
            <Bar line={line} />
            <span class="end quiet">{line.ms === undefined ? '' : duration(line.ms)}</span>
          </li>
        ))}
      </ol>
      {detail && (
        <pre class="out-text diff">
          <Text>{detail}</Text>
        </pre>
      )}
      {job.warnings.map((warning) => (
        <p key={warning} class="warning">
          <Text>{warning}</Text>
        </p>
      ))}
    </section>
  );
};
