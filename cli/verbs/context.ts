import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Argument, Command } from 'commander';
import { devicePattern } from '../../core/bus.ts';
import {
  type Contexts,
  contextNamed,
  readContexts,
  type SiteContext,
  writeContexts,
} from '../../core/config/contexts.ts';
import { PlumbError } from '../../core/errors.ts';
import type { Context } from '../context.ts';
import { asData, type Column, type Format, outputOption, print } from '../output/output.ts';

type Row = SiteContext & { name: string; used: boolean };

const columns: readonly Column<Row>[] = [
  {
    head: 'CONTEXT',
    cell: ({ name, used }) => `${name}${used ? ' *' : ''}`,
    colour: ({ used }) => (used ? 'green' : undefined),
  },
  { head: 'SITE', cell: ({ site }) => site },
  { head: 'NATS', cell: ({ nats }) => nats },
  { head: 'USER', cell: ({ user }) => user ?? '', rare: true },
  { head: 'CREDENTIALS', cell: ({ creds }) => creds ?? '', rare: true },
  { head: 'CA', cell: ({ ca }) => ca ?? '', wide: true },
  { head: 'API', cell: ({ api }) => api ?? '', rare: true },
];

const nameArgument = () => new Argument('<context>', 'its name');

/** The one that applies here: named now, or in use. */
const inForce = (verb: Command, { env }: Context, { use }: Contexts): string | undefined =>
  verb.optsWithGlobals<{ context?: string }>().context || env.PLUMB_CONTEXT || use;

const list = (context: Context): Command => {
  const verb = new Command('list')
    .description('List the contexts. The one marked * is in use.')
    .addOption(outputOption())
    .addHelpText('after', '\nExample:\n  $ plumb context list');
  return verb.action(async ({ output }: { output: Format }) => {
    const found = await readContexts(context.env);
    const used = inForce(verb, context, found);
    const rows = Object.entries(found.contexts).map(([name, each]) => ({ name, used: name === used, ...each }));
    if (rows.length === 0 && (output === 'table' || output === 'wide'))
      return context.err(
        'there is no context yet\n  → `plumb context set dc1 nats://HOST:4222 --site dc1` creates one\n',
      );
    print(context, output, rows, columns);
  });
};

const use = (context: Context): Command =>
  new Command('use')
    .description('Work with this site wherever nothing more specific names a NATS server.')
    .addArgument(nameArgument())
    .addHelpText('after', '\nExample:\n  $ plumb context use dc2')
    .action(async (name: string) => {
      const found = await readContexts(context.env);
      const { site, nats } = contextNamed(found, name);
      await writeContexts(context.env, { ...found, use: name });
      context.err(`${name}: in use (site ${site}, ${nats})\n`);
    });

const show = (context: Context): Command => {
  const verb = new Command('show')
    .description('Print the name of the active context, for a shell prompt; with -o, everything in it.')
    .argument('[context]', 'this one instead')
    .addOption(outputOption().default('name').choices(['name', 'json', 'yaml']))
    .addHelpText(
      'after',
      "\nExit code: 1 if none is active.\n\nExample:\n  $ PS1='$(plumb context show) \\$ '\n  $ plumb context show dc2 -o yaml",
    );
  return verb.action(async (named: string | undefined, { output }: { output: 'name' | 'json' | 'yaml' }) => {
    const found = await readContexts(context.env);
    const name = named ?? inForce(verb, context, found);
    if (name === undefined) return context.exit(1);
    const shown = contextNamed(found, name);
    context.out(output === 'name' ? `${name}\n` : asData(output, { name, ...shown }));
  });
};

type Given = { site?: string; user?: string; creds?: string; ca?: string; api?: string };

const wrong = (message: string, hint: string) => new PlumbError('invalid_request', message, { hint });

/** A user, or a query that may contain a password, does not belong in an address. */
const refuseSecrets = (name: string, { nats, api = '' }: SiteContext): void => {
  for (const [what, url, hint] of [
    ['URL', nats, '--creds names a file; or --user, and the password in NATS_PASSWORD'],
    ['--api URL', api, 'only http://HOST:PORT; the API key goes into the header of each request'],
  ] as const) {
    const holds = url.includes('@') ? 'a user or a password' : /[?#]/.test(url) ? 'a query' : undefined;
    if (holds) throw wrong(`${name}: the ${what} holds ${holds}, and a context stores no secrets`, hint);
  }
};

const refuseSite = (name: string, site: string): void => {
  if (new RegExp(devicePattern).test(site)) return;
  throw wrong(`${name}: --site ${site}: no site can have that name`, 'letters, digits, "_" and "-" only, 63 at most');
};

const set = (context: Context): Command =>
  new Command('set')
    .description('Create a context, or change the given parts of one.')
    .addArgument(nameArgument())
    .argument('[url]', 'its NATS servers: nats://host:4222, separated by commas')
    .option('--site <site>', 'first subject token')
    .option('--user <user>', 'NATS user; the password comes from NATS_PASSWORD')
    .option('--creds <file>', 'a .creds file; only its path is stored')
    .option('--ca <file>', 'a CA certificate')
    .option('--api <url>', 'its REST API')
    .addHelpText(
      'after',
      '\nSecrets are never stored, only the paths of their files.\n\nExample:\n  $ plumb context set dc2 nats://nats.dc2:4222 --site dc2 --creds ~/dc2.creds',
    )
    .action(async (name: string, url: string | undefined, { creds, ca, ...given }: Given) => {
      if (!/^[\w.@-]{1,63}$/.test(name))
        throw wrong(`${name}: not the name of a context`, 'letters, digits, "_", "-", "." and "@", 63 at most');
      const found = await readContexts(context.env);
      const before = Object.hasOwn(found.contexts, name) ? found.contexts[name] : undefined;
      const nats = url ?? before?.nats;
      const site = given.site ?? before?.site;
      if (!nats || !site) {
        const hint = `plumb context set ${name} nats://HOST:4222 --site SITE`;
        throw wrong(`${name}: a new context needs a NATS server and a site`, hint);
      }
      const path = (file: string | undefined) => (file === undefined ? undefined : resolve(context.cwd, file));
      const files = Object.entries({ creds: path(creds), ca: path(ca) }).filter(([, file]) => file !== undefined);
      const next = { ...before, ...given, ...Object.fromEntries(files), nats, site };
      refuseSite(name, site);
      refuseSecrets(name, next);
      await writeContexts(context.env, { ...found, contexts: { ...found.contexts, [name]: next } });
      for (const [what, file] of files)
        if (file && !existsSync(file)) context.err(`warning: --${what} ${file}: there is no such file\n`);
      context.err(`${name}: ${before ? 'changed' : `created; \`plumb context use ${name}\` switches to it`}\n`);
    });

const rm = (context: Context): Command =>
  new Command('rm')
    .description('Remove a context.')
    .addArgument(nameArgument())
    .addHelpText('after', '\nExample:\n  $ plumb context rm dc2')
    .action(async (name: string) => {
      const { use: used, contexts } = await readContexts(context.env);
      contextNamed({ contexts }, name);
      const { [name]: _, ...rest } = contexts;
      await writeContexts(context.env, { ...(used && used !== name ? { use: used } : {}), contexts: rest });
      context.err(`${name}: removed${used === name ? '; none is in use now' : ''}\n`);
    });

/** `plumb context`: several sites from one machine. */
export const contextVerb = (context: Context): Command =>
  new Command('context')
    .description('Name the NATS servers and sites you work with, and choose one.')
    .addHelpText(
      'after',
      `
The most specific wins: --nats, --context, NATS_URL, PLUMB_CONTEXT, plumbline.yml, the \`plumb up\` of the folder, the context in use.

Example:
  $ plumb context set dc2 nats://nats.dc2:4222 --site dc2 --creds ~/dc2.creds
  $ plumb context use dc2
  $ plumb --context dc1 status`,
    )
    .addCommand(list(context))
    .addCommand(use(context))
    .addCommand(show(context))
    .addCommand(set(context))
    .addCommand(rm(context));
