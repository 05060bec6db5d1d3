import type { Inputs } from '../../../getters/getter.ts';
import { at, jsonOf, listAt, textAt } from '../../../getters/json.ts';
import { toAddress, toAs, toNumber, toRouterId, toSeconds } from '../../../getters/values.ts';
import { familyName } from '../../cisco/getters/families.ts';
import { isRange, laterReset, type NxosNeighbor } from './neighbor.ts';
import { parseNeighborsText } from './neighbors-text.ts';

/** The command whose answer is read; all VRFs and address families. */
export const neighborsCommand = 'show bgp vrf all all neighbors';

const rowsOf = (value: unknown, name: string): unknown[] =>
  listAt(value, `TABLE_${name}`).flatMap((table) => listAt(table, `ROW_${name}`));

const policyOf = (row: unknown, direction: 'in' | 'out'): string | null => {
  const names = rowsOf(row, `${direction}policy`).map((policy) => textAt(policy, `${direction}policyname`));
  return names.filter(Boolean).join(' ') || null;
};

const flag = (row: unknown, name: string): boolean | null => {
  const text = textAt(row, name);
  return text === undefined ? null : text === 'true';
};

const fromRow = (row: unknown): NxosNeighbor[] => {
  const number = (name: string) => toNumber(at(row, name));
  const address = textAt(row, 'neighbor') ?? textAt(row, 'ipv6neighbor');
  if (address === undefined || isRange(address)) return []; // or a template
  const [advertised, received] = [flag(row, 'capas4advertised'), flag(row, 'capas4recvd')];
  const local = textAt(row, 'localaddr') ?? textAt(row, 'ipv6localaddr');
  return [
    {
      address: toAddress(address),
      vrf: undefined,
      localAs: toAs(at(row, 'localas')),
      remoteAs: toAs(at(row, 'remoteas')),
      routerId: toRouterId(textAt(row, 'remote-id')),
      description: textAt(row, 'description') ?? '',
      state: textAt(row, 'state') ?? '',
      previousState: null,
      seconds: toSeconds(textAt(row, 'elapsedtime') ?? ''),
      dynamic: textAt(row, 'prefix-parent') !== undefined || textAt(row, 'ipv6prefix-parent') !== undefined,
      hold: number('holdtime') ?? number('configholdtime'),
      keepalive: number('keepalivetime') ?? number('configkeepalivetime'),
      messages: [number('msgsent'), number('msgrecvd')],
      updates: [number('updatessent'), number('updatesrecvd')],
      keepalivesReceived: number('keepaliverecvd'),
      dropped: number('connsdropped'),
      lastError: laterReset(
        { ago: textAt(row, 'resettime'), reason: textAt(row, 'resetreason') },
        { ago: textAt(row, 'peerresettime'), reason: textAt(row, 'peerresetreason') },
      ),
      localAddress: local === undefined ? null : toAddress(local),
      localPort: number('localport'),
      remotePort: number('remoteport'),
      updateSource: textAt(row, 'sourceif') !== undefined,
      multihop: null,
      removePrivateAs: flag(row, 'remove-privateas'),
      fourByteAs: advertised === null || received === null ? null : advertised && received,
      families: rowsOf(row, 'peraf').flatMap((af) =>
        rowsOf(af, 'persaf').map((saf) => ({
          name: familyName(textAt(saf, 'per-af-name') ?? ''),
          accepted: toNumber(at(saf, 'pfxrecvd')) ?? toNumber(at(saf, 'pathsrecvd')),
          sent: toNumber(at(saf, 'pfxsent')) ?? toNumber(at(saf, 'pathssent')),
          importPolicy: policyOf(saf, 'in'),
          exportPolicy: policyOf(saf, 'out'),
        })),
      ),
    },
  ];
};

const looksLikeJson = (text: string | undefined) => text !== undefined && /^\s*\{/.test(text);

/**
 * All sessions, in the order in which the device tells them.
 *
 * @param json the request whose answer is JSON; where it is refused, the command's text is read
 */
export const neighborsOf = (inputs: Inputs, json: string): NxosNeighbor[] =>
  looksLikeJson(inputs.get(json))
    ? rowsOf(jsonOf(inputs, json), 'neighbor').flatMap(fromRow)
    : parseNeighborsText(inputs.get(neighborsCommand) ?? '');
