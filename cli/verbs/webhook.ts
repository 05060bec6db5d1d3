import { Command } from 'commander';
import { resend } from '../../api/webhooks/outbox.ts';
import { deliveries, hookViews, type KnownHook } from '../../api/webhooks/view.ts';
import { eventKinds } from '../../core/config/webhooks.ts';
import { audited } from '../asking/audited.ts';
import { author } from '../asking/follow-job.ts';
import type { Context } from '../context.ts';
import { type Column, type Format, outputOption, print } from '../output/output.ts';

type Hook = Awaited<ReturnType<typeof hookViews>>[number];
type Event = Awaited<ReturnType<typeof deliveries>>[number];

const hookColumns: readonly Column<Hook>[] = [
  { head: 'NAME', cell: ({ name }) => name },
  { head: 'HOST', cell: ({ host }) => host ?? '–' },
  { head: 'FORMAT', cell: ({ format }) => format ?? 'not in plumbline.yml' },
  { head: 'WAITING', cell: ({ waiting }) => `${waiting}` },
  { head: 'SENT', cell: ({ sent }) => `${sent}` },
  { head: 'DEAD', cell: ({ dead }) => `${dead}`, colour: ({ dead }) => (dead > 0 ? 'red' : undefined) },
  { head: 'EVENTS', cell: ({ events }) => events.join(' '), wide: true },
];

const eventColumns: readonly Column<Event>[] = [
  { head: 'ID', cell: ({ id }) => id },
  { head: 'EVENT', cell: ({ event }) => event.type.replace('plumbline.', '') },
  { head: 'DEVICE', cell: ({ event }) => event.subject },
  { head: 'TIME', cell: ({ event }) => event.time.slice(0, 19) },
  { head: 'TRIES', cell: ({ tries }) => `${tries}` },
  { head: 'LAST', cell: ({ last }) => last?.said ?? '' },
];

/** Receivers from plumbline.yml; their secrets are not needed. */
const knownHooks = ({ config }: Context): KnownHook[] =>
  config.webhooks.map(({ name, url, format = 'cloudevents', events = eventKinds }) => ({
    name,
    host: typeof url === 'string' ? new URL(url).host : `(in ${url.env})`,
    format,
    events,
  }));

const list = (context: Context): Command =>
  new Command('list')
    .description('List the receivers of plumbline.yml, and how many events are waiting, sent within a day, or dead.')
    .addOption(outputOption())
    .addHelpText('after', '\nExample:\n  $ plumb webhook list')
    .action(async ({ output }: { output: Format }) => {
      const hooks = await hookViews(await context.store(), knownHooks(context));
      if (hooks.length > 0 || (output !== 'table' && output !== 'wide'))
        return print(context, output, hooks, hookColumns);
      context.err('there is no webhook\n  → `webhooks` in plumbline.yml names them: docs/webhooks.md\n');
    });

const dead = (context: Context): Command =>
  new Command('dead')
    .description('List the events that could not be sent: a receiver refused them, or every try failed.')
    .addOption(outputOption())
    .addHelpText('after', '\nTimes are UTC.\n\nExample:\n  $ plumb webhook dead')
    .action(async ({ output }: { output: Format }) => {
      const all = await deliveries(await context.store());
      const gone = all.filter(({ state }) => state === 'dead');
      if (gone.length > 0 || (output !== 'table' && output !== 'wide'))
        return print(context, output, gone, eventColumns);
      context.err('there are no dead letters\n');
    });

const again = (context: Context): Command =>
  new Command('resend')
    .description('Send an event to its receiver again. The API does so within seconds.')
    .argument('<id...>', 'as `plumb webhook dead` shows it')
    .addHelpText('after', '\nExample:\n  $ plumb webhook dead\n  $ plumb webhook resend ID')
    .action(async (ids: string[]) => {
      const store = await context.store();
      for (const id of ids) {
        await audited(store, { by: author(context.env), what: 'resendDelivery', on: id }, () => resend(store, id));
        context.err(`${id}: will be sent again\n`);
      }
    });

/** `plumb webhook`: who is notified of what, and what did not arrive. */
export const webhookVerb = (context: Context): Command =>
  new Command('webhook')
    .description('List webhooks, and the events that did not arrive; send those again.')
    .addHelpText('after', '\nExample:\n  $ plumb webhook list\n  $ plumb webhook dead\n  $ plumb webhook resend ID')
    .addCommand(list(context))
    .addCommand(dead(context))
    .addCommand(again(context));
