import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { listUsers, removeUser, setUser, type UserView } from '../../api/auth/users.ts';
import { explain, PlumbError } from '../../core/errors.ts';
import { didYouMean } from '../../engines/nearest.ts';
import { audited } from '../asking/audited.ts';
import { author } from '../asking/follow-job.ts';
import { grantOf, grantText, roleOption } from '../asking/grants.ts';
import type { Context } from '../context.ts';
import { type Column, type Format, outputOption, print } from '../output/output.ts';

const columns: readonly Column<UserView>[] = [
  { head: 'NAME', cell: ({ name }) => name },
  { head: 'ROLES', cell: ({ grants }) => grants.map(grantText).join(' + ') },
  { head: 'EMAIL', cell: ({ email = '' }) => email, rare: true },
  { head: 'CHANGED', cell: ({ changedAt, changedBy }) => `${changedAt.slice(0, 16)} by ${changedBy}` },
];

const passwordIn = async (context: Context, file: string): Promise<string> => {
  const text = await readFile(resolve(context.cwd, file), 'utf8').catch((cause: unknown) => {
    throw new PlumbError('invalid_request', `--password-file ${file}: cannot be read: ${explain(cause)}`, { cause });
  });
  return text.replace(/\r?\n$/, '');
};

type Given = { role?: string[]; email?: string; passwordFile?: string };

const set = (context: Context): Command =>
  new Command('set')
    .description('Let someone log in by name and password, or change that; sessions of that name are logged out.')
    .argument('<name>', 'letters, digits and "-"')
    .addOption(roleOption().makeOptionMandatory())
    .option('--email <address>', "the one in this person's commits")
    .option('--password-file <file>', 'its first line is the password; default: one is generated and printed')
    .addHelpText(
      'after',
      "\nExample:\n  $ plumb user set ann --role operator --role 'approver@group=core' --email ann@example.net",
    )
    .action(async (name: string, { role = [], email, passwordFile }: Given) => {
      const grants = role.map(grantOf);
      const password = passwordFile === undefined ? undefined : await passwordIn(context, passwordFile);
      const store = await context.store();
      const by = author(context.env);
      const told = { grants, ...(email ? { email } : {}) };
      const chosen = await audited(store, { by, what: 'setUser', on: name, told }, () =>
        setUser(store, { name, grants, email, by }, password),
      );
      if (password === undefined) context.out(`${chosen}\n`);
      context.err(password === undefined ? `${name}: set; the password is shown only this once\n` : `${name}: set\n`);
    });

const list = (context: Context): Command =>
  new Command('list')
    .description('List who may log in by name and password.')
    .addOption(outputOption())
    .addHelpText('after', '\nTimes are UTC.\n\nExample:\n  $ plumb user list')
    .action(async ({ output }: { output: Format }) => {
      const users = await listUsers(await context.store());
      if (users.length > 0 || (output !== 'table' && output !== 'wide')) return print(context, output, users, columns);
      context.err('there are no users\n  → `plumb user set NAME --role viewer` creates one\n');
    });

const rm = (context: Context): Command =>
  new Command('rm')
    .description('Remove a user, who is logged out at once.')
    .argument('<name>', 'the name')
    .addHelpText('after', '\nExample:\n  $ plumb user rm ann')
    .action(async (name: string) => {
      const store = await context.store();
      const deed = { by: author(context.env), what: 'removeUser', on: name };
      if (await audited(store, deed, () => removeUser(store, name))) return context.err(`${name}: removed\n`);
      const names = (await listUsers(store)).map((user) => user.name);
      throw new PlumbError('invalid_request', `${name}: no such user${didYouMean(name, names)}`, {
        hint: '`plumb user list` lists them',
      });
    });

/** `plumb user`: who may log in by name and password. */
export const userVerb = (context: Context): Command =>
  new Command('user')
    .description('Create, change, list and remove users who log in to the page by name and password.')
    .addHelpText(
      'after',
      '\nExample:\n  $ plumb user set ann --role operator\n  $ plumb user list\n  $ plumb user rm ann',
    )
    .addCommand(set(context))
    .addCommand(list(context))
    .addCommand(rm(context));
