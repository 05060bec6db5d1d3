import type { Getter, Inputs } from '../../../getters/getter.ts';
import { isLearned, namesOf } from '../../../getters/vitals.ts';
import type { Vitals } from '../../../shapes.ts';

// IOS, IOS-XR and NX-OS print summaries of routes that name their table above.

type Row = readonly [table: string, protocol: string, count: number];

/** How a platform heads a table of routes, and prints a protocol's row. */
type Summary = { table: RegExp; row: RegExp; of: readonly { family: string; request: string; first?: string }[] };

const vrfName = (name: string) => (name === 'default' || name === '' ? 'global' : name);

/** What the summaries of routes tell. @returns null where none is printed */
const routeRows = (inputs: Inputs, { table, row, of }: Summary): Row[] | null => {
  const texts = of.map((one) => ({ ...one, text: inputs.get(one.request) }));
  if (texts.every(({ text }) => !text?.split('\n').some((line) => table.test(line) || row.test(line)))) return null;
  return texts.flatMap(({ family, first = '', text = '' }) => {
    let vrf = first;
    return text.split('\n').flatMap((line): Row[] => {
      vrf = table.exec(line)?.[1] ?? vrf;
      const [, protocol = '', ...counts] = row.exec(line) ?? [];
      const name = protocol.trim();
      if (name === '') return [];
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
    return rows && namesOf(rows.filter(([, protocol]) => isLearned(protocol)));
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

type Tables = readonly { family: string; request: string }[];

/** @returns what was answered, by family; null where the device does not know one of the requests */
const textsOf = (inputs: Inputs, of: Tables): { family: string; text: string }[] | null => {
  const texts = of.map(({ family, request }) => ({ family, text: inputs.get(request) }));
  return texts.every((one): one is { family: string; text: string } => one.text !== undefined) ? texts : null;
};

/**
 * Installed routes of IOS-XR, by VRF and family: those that the RIB gave to the FIB of the route processor, without what comes
 * of interfaces and ARP.
 */
export const xrCef = (of: Tables): Getter<Vitals | null> => ({
  requests: of.map(({ request }) => request),
  parse: (inputs) => {
    const found = textsOf(inputs, of)?.flatMap(({ family, text }) =>
      [...text.matchAll(/^ *Vrfname ([^\s,]+),[^\n]*\n[^\n]* routes,[^\n]*\n *(\d+) rib,/gm)].map(
        ([, vrf = '', count]) => [`${vrfName(vrf)} ${family}`, { count: Number(count) }] as const,
      ),
    );
    // the main table may be told among those of all VRFs too
    return found === undefined || found.length === 0 ? null : Object.fromEntries(found);
  },
});

/** Routes to hosts, which come and go with their neighbours' entries of ARP, ND and EVPN. */
const ofHosts = /^(?:am|hmm)$/;

/** Installed routes of NX-OS, by VRF, family and module, without those to hosts. @param summary what tells those */
export const nxosFib = (of: Tables, summary: Summary): Getter<Vitals | null> => ({
  requests: [...of, ...summary.of].map(({ request }) => request),
  parse: (inputs) => {
    const hosts = routeRows(inputs, summary)?.filter(([, protocol]) => ofHosts.test(protocol)) ?? [];
    const found = textsOf(inputs, of)?.flatMap(({ family, text }) => {
      let [module, table] = ['', ''];
      return text.split('\n').flatMap((line): Row[] => {
        const [, slot] = /^slot +(\d+)/.exec(line) ?? [];
        module = slot === undefined ? module : ` on module ${slot}`;
        const [, vrf] = /^ *IPv[46] routes for table (\S+?)(?:\/\S+)?\s*$/.exec(line) ?? [];
        table = vrf === undefined ? table : `${vrfName(vrf)} ${family}`;
        const [, total] = /^ *Total number of routes *: *(\d+)/.exec(line) ?? [];
        if (total === undefined || table === '') return [];
        const known = hosts.reduce((sum, [of, , count]) => (of === table ? sum + count : sum), 0);
        return [[`${table}${module}`, '', Math.max(0, Number(total) - known)]];
      });
    });
    return found === undefined || found.length === 0 ? null : namesOf(found);
  },
});
