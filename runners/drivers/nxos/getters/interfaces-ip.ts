import { byName } from '../../../../core/by-name.ts';
import { addAddress } from '../../../getters/addresses.ts';
import type { Getter, Inputs } from '../../../getters/getter.ts';
import { at, jsonOf, listAt, textAt } from '../../../getters/json.ts';
import { toAddress, toNumber } from '../../../getters/values.ts';
import type { InterfacesIp } from '../../../shapes.ts';

const rowsOf = (value: unknown, name: string): unknown[] =>
  listAt(value, `TABLE_${name}`).flatMap((table) => listAt(table, `ROW_${name}`));

const nameOf = (row: unknown) => textAt(row, 'intf-name') ?? '';

/** All IPv6 addresses of a row; a list in `addr`, a table in later releases. */
const addresses6 = (row: unknown): string[] =>
  [...listAt(row, 'addr'), ...rowsOf(row, 'addr').flatMap((each) => listAt(each, 'addr'))].filter(
    (each) => typeof each === 'string',
  );

/** An interface with IPv6: its addresses, and the length of its prefix where that is told. */
export const ipv6Rows = (inputs: Inputs) =>
  rowsOf(jsonOf(inputs, 'show ipv6 interface'), 'intf').map((row) => {
    const written = addresses6(row);
    return {
      name: nameOf(row),
      written,
      addresses: written.map((each) => toAddress(each.split('/')[0] ?? '')),
      prefixLength: toNumber(textAt(row, 'prefix')?.split('/')[1]),
      /** Told as one thing, not as a list. */
      single: !Array.isArray(at(row, 'addr')) && !Array.isArray(at(row, 'TABLE_addr', 'ROW_addr')),
    };
  });

/** From NX-API's JSON; an unnumbered interface has the address of the one that it borrows it from. */
export const interfacesIp: Getter<InterfacesIp> = {
  requests: ['show ip interface', 'show ipv6 interface'],
  parse: (inputs) => {
    const result: InterfacesIp = byName();
    const add = (name: string, address: string | undefined, length: number | null) => {
      if (address && length !== null) addAddress(result, name, address, length);
    };
    const rows = rowsOf(jsonOf(inputs, 'show ip interface'), 'intf');
    for (const row of rows) {
      const lender = textAt(row, 'prefix') ? row : rows.find((each) => nameOf(each) === textAt(row, 'unnum-intf'));
      add(nameOf(row), textAt(lender, 'prefix'), toNumber(at(lender, 'masklen')));
      for (const secondary of rowsOf(row, 'secondary_address')) {
        add(nameOf(row), textAt(secondary, 'prefix1'), toNumber(at(secondary, 'masklen1')));
      }
    }
    for (const { name, written, prefixLength } of ipv6Rows(inputs)) {
      for (const each of written) {
        const [address, length] = each.split('/');
        add(name, address, toNumber(length) ?? prefixLength ?? 128);
      }
    }
    return result;
  },
};
