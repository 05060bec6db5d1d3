import { useLayoutEffect, useRef } from 'preact/hooks';
import { useWindowRows } from '../parts/window-rows.ts';
import type { Row } from './groups.ts';
import { columns, DeviceRow } from './row.tsx';

const rowPx = 24;

type Props = { rows: readonly Row[]; at: string };

/** The devices in groups; only what can be seen is drawn. */
export const DeviceTable = ({ rows, at }: Props) => {
  const table = useRef<HTMLTableElement>(null);
  const top = () => (table.current ? table.current.getBoundingClientRect().top + scrollY : 0);
  const drawn = useWindowRows(
    rows.map(({ key }) => key),
    rowPx,
    top,
  );
  const atIndex = rows.findIndex(({ key }) => key === at);
  const { scrollTo } = drawn;
  useLayoutEffect(() => {
    if (atIndex < 0) return;
    scrollTo(atIndex);
    requestAnimationFrame(() =>
      table.current?.querySelector<HTMLElement>(`[data-device="${at}"]`)?.focus({ preventScroll: true }),
    );
  }, [at]);
  return (
    <table class="tbl flow" ref={table} aria-rowcount={rows.length + 1}>
      <caption class="vh">Devices, those that need someone first</caption>
      <thead>
        <tr>
          <th scope="col">Device</th>
          <th scope="col">Sync</th>
          <th scope="col">Reason</th>
          <th scope="col" class="end">
            BGP
          </th>
          <th scope="col" class="p2">
            Platform
          </th>
          <th scope="col" class="p2">
            Role
          </th>
          <th scope="col" class="p3">
            Commit
          </th>
          <th scope="col" class="end" title="since what it runs was last seen to change">
            Changed
          </th>
        </tr>
      </thead>
      <tbody>
        {drawn.above > 0 && <Room px={drawn.above} />}
        {drawn.items.map(({ index, key }) => {
          const row = rows[index];
          if (!row) return null;
          if (row.kind === 'device')
            return <DeviceRow key={key} device={row.device} at={key === at} index={index} measure={drawn.measure} />;
          return (
            <tr key={key} class="grp" data-index={index} aria-rowindex={index + 2} ref={drawn.measure}>
              <th scope="rowgroup" colSpan={columns}>
                {row.title}
                <span>
                  {row.size}
                  {row.note && ` · ${row.note}`}
                </span>
              </th>
            </tr>
          );
        })}
        {drawn.below > 0 && <Room px={drawn.below} />}
      </tbody>
    </table>
  );
};

/** The room of lines that are not drawn. */
const Room = ({ px }: { px: number }) => (
  <tr class="room">
    <td colSpan={columns} style={{ height: `${px}px` }} />
  </tr>
);
