import type { Getter, Inputs } from '../../../getters/getter.ts';
import { isLearned, namesOf } from '../../../getters/vitals.ts';
import type { Vitals } from '../../../shapes.ts';

// IOS, IOS-XR and NX-OS print summaries of routes that name their table above.

type Row = readonly [table: string, protocol: string, count: number];

/** How a platform heads a table of routes, and prints a protocol's row. */
type Summary = { table: RegExp; row: RegExp; of: readonly { family: string; request: string; first?: string }[] };

const vrfName = (name: string) => (name === 'default' || name === '' ? 'global' : name);

const routeRows = (inputs: Inputs, { table, row, of }: Summary): Row[] | null => {
  const texts = of.map((one) => ({ ...one, text: inputs.get(one.request) }));
  if (texts.every(({ text }) => !text?.split('\n').some((line) => table.test(line) || row.test(line)))) return null;
  return texts.flatMap(({ family, first = '', text = '' }) => {
    let vrf = first;
    return text.split('\n').flatMap((line): Row[] => {
      vrf = table.exec(line)?.[1] ?? vrf;
      const [, protocol = '', ...counts] = row.exec(line) ?? [];
      const name = protocol.trim();
      if (name === '' || !isLearned(name)) return [];
      const count = counts.reduce((sum, each) => sum + Number(each ?? 0), 0);
      return [[`${vrfName(vrf)} ${family}`, name, count]];
    });
  });
};

/** Learned routes, by VRF, family and protocol. */
export const rib = (summary: Summary): Getter<Vitals | null> => ({
  requests: summary.of.map(({ request }) => request),
  parse: (inputs) => {
    const rows = routeRows(inputs, summary);
    return rows && namesOf(rows);
  },
});

/** Installed routes of IOS, by VRF and family. */
export const cef = (requests: readonly { family: string; request: string }[]): Getter<Vitals | null> => ({
  requests: requests.map(({ request }) => request),
  parse: (inputs) => {
    const rows = requests.flatMap(({ family, request }) =>
      [...(inputs.get(request) ?? '').matchAll(/^VRF (\S+?)\s*\n\s*(\d+) prefixes/gim)].map(
        ([, vrf = '', count]): Row => [
          `${vrfName(vrf.toLowerCase() === 'default' ? '' : vrf)} ${family}`,
          '',
          Number(count),
        ],
      ),
    );
    return rows.length === 0 ? null : namesOf(rows);
  },
});
