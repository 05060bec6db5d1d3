import { useMemo, useRef } from 'preact/hooks';
import { now } from '../data/clock.ts';
import type { Device } from '../data/types.ts';
import { CountStrip } from '../parts/counts.tsx';
import { Head } from '../parts/head.tsx';
import { useKeys } from '../shell/keys.ts';
import { go, place, withQuery } from '../shell/route.ts';
import { filterDevices, pressCount, splitFilter } from './filter.ts';
import { type Grouping, groupings, rowsOf } from './groups.ts';
import { TileMap } from './map.tsx';
import { NoneLeft } from './none-left.tsx';
import { DeviceTable } from './table.tsx';
import { countsOf, verdictOf } from './verdict.ts';

const strip = [
  ['', 'all', 'devices'],
  ['sync=in_sync', 'in_sync', 'in sync', 'sync'],
  ['sync=out_of_sync', 'out_of_sync', 'out of sync', 'out'],
  ['sync=deploying', 'deploying', 'deploying', 'move'],
  ['sync=awaiting', 'awaiting', 'awaiting', 'wait'],
  ['sync=unknown', 'unknown', 'unknown', 'none'],
  ['sync=unmanaged', 'unmanaged', 'unmanaged', 'none'],
  ['bgp=down', 'bgp', 'with BGP down', 'out'],
] as const;

const setFilter = (text: string) => go(withQuery({ filter: text }), 'replace');
const isGrouping = (text: string | null): text is Grouping => groupings.some((one) => one === text);

/** The device whose row is chosen, also where it is not drawn so yet. */
const chosen = (): string => place.peek().query.get('at') ?? '';

/** Does anything need someone, and which device? */
export const FleetView = ({ all }: { all: readonly Device[] }) => {
  const field = useRef<HTMLInputElement>(null);
  const { query } = place.value;
  const filter = query.get('filter') ?? '';
  const at = query.get('at') ?? '';
  const asked = query.get('group');
  const grouping = isGrouping(asked) ? asked : 'need';
  const counts = useMemo(() => countsOf(all), [all]);
  const { answer, rest } = useMemo(() => verdictOf(counts), [counts]);
  const filtered = useMemo(() => filterDevices(all, filter, now.peek()), [all, filter]);
  const rows = useMemo(() => rowsOf(filtered.devices, grouping, now.peek()), [filtered, grouping]);
  const { pressed } = splitFilter(filter);

  const names = useMemo(() => rows.flatMap((row) => (row.kind === 'device' ? [row.key] : [])), [rows]);
  const move = (by: number) => {
    const next = names[Math.min(names.length - 1, Math.max(0, names.indexOf(chosen()) + by))];
    if (next !== undefined) go(withQuery({ at: next }), 'replace');
  };
  useKeys(
    () => [
      { press: '/', does: 'filter', run: () => field.current?.focus() },
      { press: 'j', does: 'down', run: () => move(1) },
      { press: 'k', does: 'up', run: () => move(-1) },
      { press: 'Enter', does: 'open', run: () => chosen() !== '' && go(`/devices/${chosen()}`) },
      { press: 'Escape', does: 'clear the filter', run: () => setFilter(''), quiet: true },
    ],
    [names],
  );

  return (
    <>
      <Head answer={answer} rest={rest} title="Fleet" />
      <CountStrip
        label="Devices by state; each filters"
        items={strip
          .filter(([value, name]) => value !== 'sync=unmanaged' || counts[name] > 0)
          .map(([value, name, word, tone]) => ({
            value,
            number: counts[name],
            word,
            ...(tone ? { mark: tone, tone } : {}),
          }))}
        pressed={pressed}
        press={(value) => setFilter(pressCount(filter, value))}
      />
      <TileMap devices={filtered.devices} at={at} />
      <section>
        <div class="tools">
          <label class="filter">
            <span class="vh">Filter by selector</span>
            <input
              ref={field}
              value={filter}
              spellcheck={false}
              autocomplete="off"
              placeholder="platform=eos, sync=out*, leaf*"
              onInput={({ currentTarget }) => setFilter(currentTarget.value)}
            />
          </label>
          <label class="choose">
            <span class="quiet">Group by</span>
            <select
              value={grouping}
              onChange={({ currentTarget }) => go(withQuery({ group: currentTarget.value }), 'replace')}
            >
              {groupings.map((one) => (
                <option key={one}>{one}</option>
              ))}
            </select>
          </label>
        </div>
        {filtered.devices.length === 0 ? (
          <NoneLeft filter={filter} problem={filtered.problem} out={counts.out_of_sync} />
        ) : (
          <DeviceTable rows={rows} at={at} />
        )}
      </section>
    </>
  );
};
