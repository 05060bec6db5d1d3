import { Command } from 'commander';
import { createKey, type KeyView, listKeys, revokeKey } from '../../api/auth/keys.ts';
import { PlumbError } from '../../core/errors.ts';
import { didYouMean } from '../../engines/nearest.ts';
import { audited } from '../asking/audited.ts';
import { author } from '../asking/follow-job.ts';
import { expiryOf, grantOf, grantText, roleOption } from '../asking/grants.ts';
import type { Context } from '../context.ts';
import { type Column, type Format, outputOption, print } from '../output/output.ts';

const isOver = ({ expiresAt }: KeyView) => expiresAt !== null && Date.parse(expiresAt) <= Date.now();

const columns: readonly Column<KeyView>[] = [
  { head: 'NAME', cell: ({ name }) => name },
  { head: 'ROLES', cell: ({ grants }) => grants.map(grantText).join(' + ') },
  {
    head: 'EXPIRES',
    cell: (key) => (key.expiresAt === null ? 'never' : isOver(key) ? 'expired' : key.expiresAt.slice(0, 16)),
    colour: (key) => (isOver(key) ? 'red' : undefined),
  },
  { head: 'USED', cell: ({ used }) => (used ? `${used.at.slice(0, 16)} from ${used.from}` : 'never') },
  { head: 'MADE', cell: ({ createdAt, createdBy }) => `${createdAt.slice(0, 16)} by ${createdBy}`, wide: true },
];

type Given = { role?: string[]; expires?: string };

const create = (context: Context): Command =>
  new Command('create')
    .description('Create an API key and print it, once: NATS stores only its hash.')
    .argument('<name>', 'letters, digits and "-"; records show whoever uses it as key:NAME')
    .addOption(roleOption().makeOptionMandatory())
    .option('--expires <time>', '90d, 12h, or a time; default: never')
    .addHelpText(
      'after',
      `
Roles: viewer, operator (deploy, command), approver, admin. With @ and a selector: only on those devices.

Example:
  $ plumb key create ci --role 'operator@role=leaf' --role viewer --expires 90d
  $ curl -H "Authorization: Bearer $KEY" http://127.0.0.1:9000/api/v1/session`,
    )
    .action(async (name: string, { role = [], expires }: Given) => {
      const grants = role.map(grantOf);
      const expiresAt = expires === undefined ? undefined : expiryOf(expires);
      const store = await context.store();
      const by = author(context.env);
      const told = { grants, ...(expiresAt ? { expiresAt } : {}) };
      const key = await audited(store, { by, what: 'createKey', on: name, told }, () =>
        createKey(store, { name, grants, expiresAt, by }),
      );
      context.out(`${key}\n`);
      context.err(`${name}: created; the key is shown only this once\n`);
    });

const list = (context: Context): Command =>
  new Command('list')
    .description("List the API keys: roles, expiry, last use. The site's own key is not among them.")
    .addOption(outputOption())
    .addHelpText('after', '\nTimes are UTC.\n\nExample:\n  $ plumb key list')
    .action(async ({ output }: { output: Format }) => {
      const keys = await listKeys(await context.store());
      if (keys.length > 0 || (output !== 'table' && output !== 'wide')) return print(context, output, keys, columns);
      context.err("there is no key besides the site's own\n  → `plumb key create NAME --role viewer` creates one\n");
    });

const revoke = (context: Context): Command =>
  new Command('revoke')
    .description('Revoke an API key. No instance of the API accepts it from the next request on.')
    .argument('<name>', 'its name')
    .addHelpText('after', '\nExample:\n  $ plumb key revoke ci')
    .action(async (name: string) => {
      const store = await context.store();
      const deed = { by: author(context.env), what: 'revokeKey', on: name };
      if (await audited(store, deed, () => revokeKey(store, name))) return context.err(`${name}: revoked\n`);
      const names = (await listKeys(store)).map((key) => key.name);
      throw new PlumbError('invalid_request', `${name}: no such key${didYouMean(name, names)}`, {
        hint: '`plumb key list` lists them',
      });
    });

/** `plumb key`: who may use the REST API. */
export const keyVerb = (context: Context): Command =>
  new Command('key')
    .description('Create, list and revoke keys for the REST API, each with a name and roles.')
    .addHelpText(
      'after',
      '\nExample:\n  $ plumb key create grafana --role viewer\n  $ plumb key list\n  $ plumb key revoke grafana',
    )
    .addCommand(create(context))
    .addCommand(list(context))
    .addCommand(revoke(context));
