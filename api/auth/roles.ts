import type { AccessRole, Grant } from '../../core/access.ts';
import { picks, type Selectable } from '../../core/inventory/select/select.ts';

/** What a route may ask of its caller. */
export const permissions = ['view', 'command', 'deploy', 'cancel', 'approve', 'access', 'audit'] as const;
export type Permission = (typeof permissions)[number];

/** The one table of who may do what. What is not in it nobody may. */
const table = {
  viewer: ['view'],
  operator: ['view', 'command', 'deploy', 'cancel'],
  approver: ['view', 'cancel', 'approve'],
  admin: permissions,
} as const satisfies Record<AccessRole, readonly Permission[]>;

const gives = (role: AccessRole, permission: Permission): boolean =>
  (table[role] as readonly Permission[]).includes(permission);

/** Who asks: known to us by a key or a login, never by what a request says of itself. */
export type Caller = {
  /** As records and the audit have it: `key:NAME`, `user:NAME`, … */
  name: string;
  grants: readonly Grant[];
  /** Where it is known by a cookie. */
  session?: { id: string; endsAt: string };
};

/** Whoever asks without a key or a login. */
export const nobody: Caller = { name: 'nobody', grants: [] };

/** Whether a caller may do it on every device, also on those that are to come, and on the site itself. */
export const mayEverywhere = ({ grants }: Caller, permission: Permission): boolean =>
  grants.some(({ role, on }) => on === undefined && gives(role, permission));

/** Whether a caller may do it on any device at all, now or later. */
export const mayAnywhere = ({ grants }: Caller, permission: Permission): boolean =>
  grants.some(({ role }) => gives(role, permission));

/** Tells of each device whether a caller may do it there. */
export const mayOn = (site: string, { grants }: Caller, permission: Permission): ((entry: Selectable) => boolean) => {
  const scopes = grants
    .filter(({ role }) => gives(role, permission))
    .map(({ on }) => (on === undefined ? () => true : picks(site, on)));
  return (entry) => scopes.some((scope) => scope(entry));
};

/** What a caller may do on any device, for a page that greys out what he may not. */
export const permissionsOf = (caller: Caller): Permission[] =>
  permissions.filter((permission) => mayAnywhere(caller, permission));
