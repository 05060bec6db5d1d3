import { now } from '../../data/clock.ts';
import type { Device, JobSummary } from '../../data/types.ts';
import { go, place, withQuery } from '../../shell/route.ts';
import { Compare } from './compare.tsx';
import { RollBack } from './roll-back.tsx';
import { versionsOf } from './versions.ts';

/** What can be done with the configurations that a device had before; nothing, where none is known. */
export const VersionButtons = ({ jobs }: { jobs: readonly JobSummary[] }) => {
  const [last] = versionsOf(jobs, now.value);
  if (!last) return null;
  const open = (query: Record<string, string>) => () => go(withQuery(query));
  return (
    <>
      <button class="btn" type="button" data-key="v" onClick={open({ before: last.id, after: 'running' })}>
        Compare two <kbd>v</kbd>
      </button>
      <button class="btn" type="button" onClick={open({ rollback: last.id })}>
        Roll back…
      </button>
    </>
  );
};

/** Those of them that the address names. */
export const VersionPanels = ({ device, jobs }: { device: Device; jobs: readonly JobSummary[] }) => {
  const { query } = place.value;
  const [to, before, after] = [query.get('rollback'), query.get('before'), query.get('after')];
  return (
    <>
      {to && <RollBack key={to} device={device} jobs={jobs} to={to} />}
      {before && after && <Compare device={device.device} jobs={jobs} before={before} after={after} />}
    </>
  );
};
