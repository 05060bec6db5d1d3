import { now } from '../data/clock.ts';
import { devices } from '../data/devices.ts';
import type { Device } from '../data/types.ts';
import { useJob } from '../data/use-job.ts';
import { Failed } from '../parts/failed.tsx';
import { Head } from '../parts/head.tsx';
import { Text } from '../parts/text.tsx';
import { useKeys } from '../shell/keys.ts';
import { go, place } from '../shell/route.ts';
import { DeviceBgp } from './about/bgp.tsx';
import { Facts } from './about/facts.tsx';
import { History, useHistory } from './about/history.tsx';
import { Changes } from './changes.tsx';
import { CommandBox } from './command.tsx';
import { Deployment } from './deployment.tsx';
import { TrialBox } from './trial.tsx';
import { verdictOf } from './verdict.ts';
import { VersionButtons, VersionPanels } from './versions/panels.tsx';

const press = (key: string) => document.querySelector<HTMLButtonElement>(`[data-key="${key}"]`)?.click();

/** A question is answered by a second key, not by the first. */
const focus = (key: string) => () => document.querySelector<HTMLButtonElement>(`[data-key="${key}"]`)?.focus();

/** The device before or after this one, by name. */
const neighbour = (name: string, by: number): string | undefined => {
  const names = [...(devices.peek()?.keys() ?? [])];
  return names[names.indexOf(name) + by];
};

const turn = (name: string, by: number) => () => {
  const next = neighbour(name, by);
  if (next !== undefined) go(`/devices/${next}`);
};

const Known = ({ device }: { device: Device }) => {
  const { device: name, state, labels } = device;
  const shown = place.value.query.get('job') ?? state?.trial?.job ?? state?.attempt?.job ?? state?.applied?.job;
  const { job, failed } = useJob(shown, state?.updatedAt);
  const isNow = shown === (state?.trial?.job ?? state?.attempt?.job ?? shown);
  const { before, after, rest } = verdictOf(device, isNow ? job : undefined, now.value);
  const role = labels?.role?.[0];
  const done = useHistory(name);
  const jobs = done.jobs ?? [];
  const [asks, moves] = [device.sync === 'awaiting', Boolean(state?.trial)];
  useKeys(
    () => [
      { press: 'd', does: 'difference', run: () => press('d') },
      ...(asks ? [{ press: 'a', does: 'approve', run: focus('a') }] : []),
      ...(moves ? [{ press: 'u', does: 'undo', run: () => press('u') }] : []),
      { press: 'v', does: 'versions', run: () => press('v') },
      { press: '[', does: 'device before', run: turn(name, -1) },
      { press: ']', does: 'device after', run: turn(name, 1) },
    ],
    [name, asks, moves],
  );
  return (
    <>
      <Head
        title={name}
        above={
          <nav class="crumbs" aria-label="Where">
            <a href="/">Fleet</a>
            {role && (
              <>
                <span>/</span>
                <a href={`/?filter=${encodeURIComponent(`role=${role}`)}`}>{role}</a>
              </>
            )}
            <span>/</span>
            <span class="m">{name}</span>
          </nav>
        }
        answer={
          <>
            {before}
            <span class="m">{name}</span>
            {after}
          </>
        }
        rest={<Text>{rest}</Text>}
      >
        <VersionButtons jobs={jobs} />
      </Head>
      <VersionPanels device={device} jobs={jobs} />
      <TrialBox device={device} job={isNow ? job : undefined} />
      <div class="cols">
        <div class="stack">
          <Failed refusal={failed} />
          {job && <Deployment job={job} />}
        </div>
        <aside class="stack" aria-label="About this device">
          <DeviceBgp device={device} />
          <Facts device={device} />
        </aside>
      </div>
      <Changes device={device} job={job} />
      <div class="cols">
        <CommandBox device={name} />
        <aside class="stack" aria-label="History">
          <History device={device} done={done} shown={shown} />
        </aside>
      </div>
    </>
  );
};

/** Does it run what is intended; if a trial runs, when does it undo itself, and what is missing? */
export const DeviceView = ({ name, device }: { name: string; device: Device | undefined }) => {
  if (device) return <Known device={device} />;
  return (
    <>
      <Head
        title={name}
        answer={`There is no device ${name}.`}
        rest="The inventory does not have it, or not any more."
      />
      <p>
        <a href="/">Back to the fleet</a>
      </p>
    </>
  );
};
