import { Command } from 'commander';
import { DeviceState, type InventoryEntry } from '../../core/bus.ts';
import { followBucket } from '../../core/store/follow.ts';
import { followHolders, listKeepers } from '../../core/store/leases/holders.ts';
import { whyFree } from '../../core/store/leases/pools.ts';
import { listRecords } from '../../core/store/records.ts';
import { clockFault } from '../../core/wanted/generation.ts';
import { whyStopped } from '../../core/wanted/held.ts';
import type { Context } from '../context.ts';
import { deviceArgument, pickDevices, selectOption, type Wanted } from '../inventory/devices.ts';
import type { Colour } from '../output/colour.ts';
import { claim } from '../output/outcome.ts';
import { type Column, type Format, outputOption, print, watchOption } from '../output/output.ts';
import { age } from '../output/text.ts';
import { showWatched } from '../output/watched.ts';

/** Everything that is known about one device. */
export type Row = {
  device: string;
  entry: InventoryEntry;
  state: DeviceState | undefined;
  /** Who holds it now; undefined: nobody, so the state is the last known one. */
  runner: string | undefined;
  sync: DeviceState['sync'];
  /** Whether its runner has a connection to it: unknown if the runner is silent. */
  session: DeviceState['session']['state'] | 'unknown';
  reason: string;
};

const toRow = (
  entry: InventoryEntry,
  state: DeviceState | undefined,
  runner: string | undefined,
  isQuiet: boolean,
  whyNobody: () => string,
): Row => {
  const { device } = entry;
  const unknown = { device, entry, state, runner, sync: 'unknown', session: 'unknown' } as const;
  const held = state?.hold ? whyStopped(state.hold, device, runner && state.reason) : '';
  if (!runner) {
    const of = state ? `what is shown is as of ${state.updatedAt.slice(0, 19).replace('T', ' ')} UTC` : '';
    const why = ['no runner holds it', whyNobody()].filter(Boolean).join(': ');
    const reason = [why, of, held].filter(Boolean).join('; ');
    return { ...unknown, reason };
  }
  if (!state) return { ...unknown, reason: 'not looked at yet' };
  const clock = state.intent ? (clockFault(state.intent.generation, state.updatedAt) ?? '') : '';
  const trial = state.trial ? `trial pending until ${state.trial.expiresAt.slice(11, 19)} UTC` : '';
  const quiet = isQuiet
    ? `its runner ${runner} missed its last two heartbeats: whether it is connected is not known`
    : '';
  const error = state.session.state === 'disconnected' ? state.session.error : '';
  const parts = [held, state.reason, trial, quiet || error, entry.problem ?? '', clock];
  const reason = parts.filter((part, index) => part && !parts.slice(0, index).some((before) => before.includes(part)));
  const short = reason.join('; ').replace(new RegExp(`(?<![\\w-])${device}: `, 'g'), ''); // the line already begins with it
  const session = isQuiet ? 'unknown' : state.session.state;
  return { device, entry, state, runner, sync: state.sync, session, reason: short };
};

/** The rows of the status table: the inventory, each device's state, and who holds it. */
export const statusRows = async (context: Context, wanted: Wanted = {}): Promise<Row[]> => {
  const store = await context.store();
  const [entries, states, { held, keepers }] = await Promise.all([
    pickDevices(context, wanted),
    listRecords(store.state, DeviceState),
    listKeepers(store),
  ]);
  const quiet = new Set(keepers.filter((keeper) => keeper.quiet).map(({ runner }) => runner));
  return entries.map((entry) => {
    const runner = held.get(entry.device)?.runner;
    const isQuiet = runner !== undefined && quiet.has(runner);
    return toRow(entry, states.get(entry.device), runner, isQuiet, () => whyFree(store.site, entry, keepers));
  });
};

const syncColours: Partial<Record<Row['sync'], Colour>> = {
  in_sync: 'green',
  out_of_sync: 'red',
  deploying: 'cyan',
  awaiting: 'yellow',
  unknown: 'yellow',
};

/**
 * The commit of what runs: the source's, if it holds exactly these bytes, even if they were adopted or already right.
 */
const commitCell = ({ entry: { intended }, state }: Row): string => {
  const applied = state?.applied;
  if (!applied) return '';
  if (intended?.commit && intended.sha256 === applied.generation.sha256) return intended.commit.slice(0, 8);
  return claim((applied.commit ?? '').slice(0, 8), applied);
};

export const statusColumns: readonly Column<Row>[] = [
  { head: 'DEVICE', cell: ({ device }) => device },
  { head: 'PLATFORM', cell: ({ entry }) => entry.platform },
  { head: 'HOST', cell: ({ entry }) => entry.host, wide: true },
  { head: 'SYNC', cell: ({ sync }) => sync, colour: ({ sync }) => syncColours[sync] },
  { head: 'COMMIT', cell: commitCell },
  {
    head: 'BGP',
    cell: ({ state }) => (state?.bgp ? `${state.bgp.established}/${state.bgp.expected}` : ''),
    colour: ({ state }) => (state?.bgp && state.bgp.established < state.bgp.expected ? 'red' : undefined),
  },
  { head: 'AGE', moves: true, cell: ({ state }) => (state?.changed?.at ? age(state.changed.at) : '') },
  { head: 'RUNNER', cell: ({ runner }) => runner ?? '', wide: true },
  { head: 'SESSION', cell: ({ session }) => session, wide: true },
  { head: 'JOB', cell: ({ state }) => state?.lastJob ?? '', wide: true },
  { head: 'REASON', cell: ({ reason }) => reason, rare: true },
];

/** True if nothing needs anyone's attention. */
export const isFine = ({ sync, state, entry }: Row): boolean =>
  (sync === 'unmanaged' && entry.intended === null && !state?.session.error) ||
  (sync === 'in_sync' && (!state?.bgp || state.bgp.established >= state.bgp.expected));

const record = ({ device, entry, sync, session, reason, runner, state }: Row) => {
  return { device, platform: entry.platform, host: entry.host, sync, session, reason, runner: runner ?? null, state };
};

const watchStatus = async (context: Context, wanted: Wanted, output: Format): Promise<void> => {
  const store = await context.store();
  await showWatched(context, output, {
    columns: statusColumns,
    key: ({ device }) => device,
    record,
    read: () => statusRows(context, wanted),
    news: [
      followBucket(store, 'state', context.signal),
      followBucket(store, 'inventory', context.signal),
      followHolders(store, context.signal),
    ],
    tellsGone: true,
  });
};

/** `plumb status`: one line for each device. */
export const statusVerb = (context: Context): Command =>
  new Command('status')
    .description('Show each device: whether it is in sync and why not, commit, BGP sessions, age.')
    .argument('[device...]', deviceArgument)
    .addOption(selectOption())
    .addOption(outputOption())
    .addOption(watchOption())
    .addHelpText(
      'after',
      `
Exit code: 0 if all are in sync with all BGP sessions up, 1 if not, 2 without a connection.
AGE is the time since the running configuration last changed, whoever changed it; BGP is established/expected.
SESSION, with -o wide, is unknown while no runner holds the device, or its runner missed two heartbeats (5.5 s).
A COMMIT with a ? is claimed by a manual publisher.

Example:
  $ plumb status -o wide
  $ plumb status --watch
  $ plumb status 'leaf*' spine1
  $ plumb status -l 'platform=eos or rack.row=7'
  $ until plumb status leaf1; do sleep 1; done`,
    )
    .action(async (devices: string[], { output, watch, ...only }: Wanted & { output: Format; watch?: true }) => {
      if (watch) return watchStatus(context, { ...only, devices }, output);
      const rows = await statusRows(context, { ...only, devices });
      print(context, output, rows, statusColumns, rows.map(record));
      if (!rows.every(isFine)) context.exit(1);
    });
