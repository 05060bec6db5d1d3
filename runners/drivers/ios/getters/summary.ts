import { toAddress } from '../../../getters/values.ts';

/** A row of `show bgp all summary`. */
export type SummaryRow = {
  /** `ipv4 unicast`, `vpnv4 unicast` … in lower case. */
  family: string;
  routerId: string;
  localAs: string;
  address: string;
  dynamic: boolean;
  remoteAs: string;
  messagesReceived: string;
  messagesSent: string;
  outQueue: string;
  upDown: string;
  /** The prefixes received, or the state where it is not up. */
  last: string;
};

/** Long addresses, and link-local ones with their interface, push the rest of their row to the next line. */
const unwrap = (text: string): string[] => {
  const lines: string[] = [];
  for (const line of text.split('\n')) {
    const before = lines.at(-1);
    if (/^\s+\d+\s+[\d.]+\s/.test(line) && before !== undefined && /^\*?[0-9A-Fa-f:.]+(?:%\S+)?\s*$/.test(before)) {
      lines[lines.length - 1] = before.trimEnd() + line;
    } else lines.push(line);
  }
  return lines;
};

const row =
  /^(\*?)([0-9A-Fa-f]+[:.][0-9A-Fa-f:.]*)(?:%\S+)?\s+\d+\s+([\d.]+)\s+(\d+)\s+(\d+)\s+\d+\s+\d+\s+(\d+)\s+(never|\d\S*)\s+(\S.*?)\s*$/;

/** The rows of `show bgp all summary`, of all address families; [] where BGP does not run. */
export const parseSummary = (text: string): SummaryRow[] => {
  const rows: SummaryRow[] = [];
  let [family, routerId, localAs] = ['ipv4 unicast', '', ''];
  for (const line of unwrap(text)) {
    family = /^For address family: (.*\S)/.exec(line)?.[1]?.toLowerCase() ?? family;
    const heading = /router identifier ([\d.]+), local AS number ([\d.]+)/.exec(line);
    if (heading) [, routerId = '', localAs = ''] = heading;
    const found = row.exec(line);
    if (!found) continue;
    const [, star, address = '', remoteAs = '', messagesReceived = '', messagesSent = '', outQueue = ''] = found;
    const [upDown = '', last = ''] = found.slice(7);
    rows.push({
      family,
      routerId,
      localAs,
      address: toAddress(address),
      dynamic: star === '*',
      remoteAs,
      messagesReceived,
      messagesSent,
      outQueue,
      upDown,
      last,
    });
  }
  return rows;
};
