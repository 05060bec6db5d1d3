import { now } from '../data/clock.ts';
import type { Device, Job } from '../data/types.ts';
import { Badge } from '../parts/mark.tsx';
import { Text } from '../parts/text.tsx';
import { left } from '../words/time.ts';
import { Undo } from './undo.tsx';

type Check = Job['checks'][number];

/** The checks of one name as one line: how many passed, and of the first that did not, what was found. */
const linesOf = (checks: readonly Check[]) => {
  const names = [...new Set(checks.map(({ name }) => name))];
  return names.map((name) => {
    const own = checks.filter((check) => check.name === name);
    const passed = own.filter(({ ok }) => ok === true).length;
    const worst = own.find(({ ok }) => ok === false) ?? own.find(({ ok }) => ok === null);
    const only = own.length === 1 ? own[0] : undefined;
    return { name, passed, all: own.length, worst, told: worst ?? only };
  });
};

const markOf = ({ worst }: { worst: Check | undefined }) =>
  worst === undefined
    ? ({ mark: 'sync', tone: 'sync' } as const)
    : worst.ok === false
      ? ({ mark: 'out', tone: 'out' } as const)
      : ({ mark: 'none', tone: 'none' } as const);

/** What was checked after the commit, and what of it has not passed. */
const Checks = ({ checks }: { checks: readonly Check[] }) => (
  <div class="checks">
    {linesOf(checks).map((line) => (
      <>
        <span>
          <Badge {...markOf(line)} word={line.name} />
        </span>
        <span>
          {line.worst ? (
            <b>
              {line.passed} of {line.all}
            </b>
          ) : (
            `${line.passed} of ${line.all}`
          )}
        </span>
        <span class="why soft">{line.told && <Text>{`${line.told.on}: ${line.told.detail}`}</Text>}</span>
      </>
    ))}
  </div>
);

/** The ring: what is left of the trial's time. */
const Ring = ({ expiresAt, seconds }: { expiresAt: string; seconds: number }) => {
  const leftMs = Math.max(0, Date.parse(expiresAt) - now.value);
  const part = Math.min(1, leftMs / 1000 / seconds);
  return (
    <div class="ring" role="timer" aria-label={`${left(leftMs)} until the device undoes it`}>
      <svg viewBox="0 0 40 40" aria-hidden="true">
        <circle class="rail" cx="20" cy="20" r="16" />
        <circle class="arc" cx="20" cy="20" r="16" pathLength="100" stroke-dashoffset={100 * (1 - part)} />
        <path class="min" d="M33 20h6" />
      </svg>
      <p>
        <b>{left(leftMs)}</b>of {left(seconds * 1000)}
      </p>
    </div>
  );
};

/** A change that is in force and not kept yet: when the device undoes it, what is missing, and the way back. */
export const TrialBox = ({ device, job }: { device: Device; job: Job | undefined }) => {
  const trial = device.state?.trial;
  if (!trial) return null;
  return (
    <section class="trial" aria-label="Trial">
      <Ring expiresAt={trial.expiresAt} seconds={job?.confirmSeconds ?? 180} />
      {job && job.checks.length > 0 ? (
        <Checks checks={job.checks} />
      ) : (
        <p class="soft">The checks have not started yet.</p>
      )}
      <div class="trial-do">
        <Undo key={trial.job} job={trial.job} device={device.device} />
        <p class="quiet">Confirmed automatically once every check has passed.</p>
      </div>
    </section>
  );
};
