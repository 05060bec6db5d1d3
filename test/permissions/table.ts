import { type Role, roles } from '../../core/store/server/permissions.ts';

export type Cells = Record<Role, boolean>;

/** What was found for each role, in the order in which it was asked. What stands before a colon is what is done. */
export class Table {
  readonly #rows = new Map<string, Cells>();

  set(what: string, role: Role, may: boolean): void {
    const none = { watcher: false, runner: false, api: false, viewer: false };
    this.#rows.set(what, { ...(this.#rows.get(what) ?? none), [role]: may });
  }

  may(what: string): Role[] {
    const cells = this.#rows.get(what);
    if (!cells) throw new Error(`nobody tried "${what}"`);
    return roles.filter((role) => cells[role]);
  }

  /** As Markdown. Rows of the same deed that say the same are one; what nobody may is not listed. */
  toString(): string {
    const lines: { deed: string; things: string[]; cells: string }[] = [];
    for (const what of this.#rows.keys()) {
      const may = this.may(what);
      if (may.length === 0) continue;
      const [deed = '', thing = ''] = what.split(': ');
      const cells = roles.map((role) => (may.includes(role) ? 'yes' : '–')).join(' | ');
      const same = lines.find((line) => line.deed === deed && line.cells === cells);
      if (same) same.things.push(thing);
      else lines.push({ deed, things: [thing], cells });
    }
    return [
      `| | ${roles.join(' | ')} |`,
      `|---|${roles.map(() => '---|').join('')}`,
      ...lines.map(({ deed, things, cells }) => `| ${deed}: ${things.join(', ')} | ${cells} |`),
      `| anything else | ${roles.map(() => '–').join(' | ')} |`,
    ].join('\n');
  }
}
