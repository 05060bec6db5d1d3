import { type Column, LongTable } from '../parts/long-table.tsx';
import type { Row } from './groups.ts';
import { DeviceRow } from './row.tsx';

const columns: readonly Column[] = [
  { name: 'Device' },
  { name: 'Sync' },
  { name: 'Reason' },
  { name: 'BGP', class: 'end' },
  { name: 'Platform', class: 'p2' },
  { name: 'Role', class: 'p2' },
  { name: 'Commit', class: 'p3' },
  { name: 'Changed', class: 'end', title: 'time since the running configuration was last seen to change' },
];

type Props = { rows: readonly Row[]; at: string };

/** The devices in groups. */
export const DeviceTable = ({ rows, at }: Props) => (
  <LongTable
    caption="Devices, those that need attention first"
    columns={columns}
    keys={rows.map(({ key }) => key)}
    at={at}
    row={(index, { ref, ...place }) => {
      const row = rows[index];
      if (!row) return null;
      if (row.kind === 'device')
        return <DeviceRow key={row.key} device={row.device} at={row.key === at} index={index} measure={ref} />;
      return (
        <tr key={row.key} class="grp" {...place} ref={ref}>
          <th scope="rowgroup" colSpan={columns.length}>
            {row.title}
            <span>
              {row.size}
              {row.note && ` · ${row.note}`}
            </span>
          </th>
        </tr>
      );
    }}
  />
);
