import { Command, InvalidArgumentError } from 'commander';
import { auditSpan, readAudit } from '../../api/auth/audit/trail.ts';
import { anchorOf, verifyAudit } from '../../api/auth/audit/verify.ts';
import type { AuditRecord } from '../../core/audit.ts';
import { streams, subjects } from '../../core/bus.ts';
import { follow } from '../../core/store/follow.ts';
import type { Store } from '../../core/store/store.ts';
import { escapeControls } from '../../core/text/controls.ts';
import type { Context } from '../context.ts';
import { type Column, type Format, outputOption, print } from '../output/output.ts';
import { oneLine, shortId } from '../output/text.ts';

const outcome = ({ kind, status }: AuditRecord): string =>
  kind === 'asked' ? 'not answered' : `${kind}${status === undefined ? '' : ` ${status}`}`;

const columns: readonly Column<AuditRecord>[] = [
  { head: 'N', cell: ({ n }) => String(n), wide: true },
  { head: 'TIME', cell: ({ at }) => at.slice(0, 19) },
  { head: 'WHO', cell: ({ who }) => who },
  { head: 'FROM', cell: ({ from }) => from },
  { head: 'WHAT', cell: ({ what }) => what },
  { head: 'ON', cell: ({ on = '' }) => on },
  {
    head: 'OUTCOME',
    cell: outcome,
    colour: ({ kind, status = 0 }) => (kind === 'refused' || status >= 400 ? 'red' : undefined),
  },
  { head: 'JOB', cell: ({ job = '' }) => shortId(job), rare: true },
  { head: 'TOLD', cell: ({ told }) => (told === undefined ? '' : JSON.stringify(told)), wide: true },
];

/** One row for each request, with its answer if there was one. */
const joined = (records: readonly AuditRecord[]): AuditRecord[] => {
  const rows = new Map<string, AuditRecord>();
  for (const record of records) {
    const asked = rows.get(record.id);
    rows.set(record.id, asked ? { ...asked, ...record, n: asked.n, at: asked.at } : record);
  }
  return [...rows.values()];
};

const line = (record: AuditRecord): string =>
  `${columns
    .filter(({ wide }) => !wide)
    .map(({ cell }) => oneLine(cell(record)))
    .filter(Boolean)
    .join('  ')}\n`;

const jsonLine = (record: AuditRecord): string => `${escapeControls(JSON.stringify(record))}\n`;

const recordsFrom = async function* (store: Store, from: number, to: number): AsyncGenerator<AuditRecord> {
  for await (const { link } of readAudit(store, from, to)) if (link?.record) yield link.record;
};

/** Prints new records until Ctrl-C. */
const tail = async (context: Context, store: Store, after: number, text: (record: AuditRecord) => string) => {
  let told = after;
  const news = follow(store, streams.audit(store.site), subjects.stored(store.site, 'audit'), context.signal);
  for await (const _ of news) {
    const { last } = await auditSpan(store);
    for await (const record of recordsFrom(store, told + 1, last)) context.out(text(record));
    told = last;
  }
};

const count = (text: string): number => {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('a whole number from 1');
};

const verify = (context: Context): Command =>
  new Command('verify')
    .description('Read the whole audit and report what was changed, removed or moved in it.')
    .option(
      '--anchor <n:hash>',
      'the end seen by an earlier run, kept elsewhere: also detects an audit that was cut off or rewritten',
    )
    .addHelpText(
      'after',
      `
Each record holds the hash of the one before it. Without an anchor this cannot detect records cut off at the end, a change
to the last one, or a whole chain rewritten by somebody who may delete streams.

Exit code: 1 if something is wrong.

Example:
  $ plumb audit verify | tee -a /mnt/elsewhere/anchors
  $ plumb audit verify --anchor "$(tail -1 /mnt/elsewhere/anchors)"`,
    )
    .action(async ({ anchor }: { anchor?: string }) => {
      const store = await context.store();
      const { records, faults, notes, head } = await verifyAudit(
        store,
        anchor === undefined ? undefined : anchorOf(anchor),
      );
      for (const note of notes) context.err(`note: ${note}\n`);
      for (const fault of faults) context.err(`plumb: ${fault}\n`);
      if (faults.length > 0) return context.exit(1);
      const known =
        anchor === undefined ? 'no anchor was given: records cut off at the end are not detected' : 'the anchor holds';
      context.err(`${records} records, unbroken; ${known}\n`);
      if (head !== undefined) context.out(`${head}\n`);
    });

const exported = (context: Context): Command =>
  new Command('export')
    .description('Print every record as a line of JSON, with everything its hash is computed from.')
    .addHelpText('after', '\nExample:\n  $ plumb audit export | gzip > audit.jsonl.gz')
    .action(async () => {
      const store = await context.store();
      const { first, last } = await auditSpan(store);
      for await (const record of recordsFrom(store, first, last)) context.out(jsonLine(record));
    });

type Options = { follow?: boolean; limit: number; output: Format };

/** `plumb audit`: who asked the REST API to do what, and its answers. */
export const auditVerb = (context: Context): Command =>
  new Command('audit')
    .description('Show who asked the REST API to do what, from where, and what it answered. Times are in UTC.')
    .option('-f, --follow', 'keep printing new records until Ctrl-C')
    .option('--limit <count>', 'how many records', count, 100)
    .addOption(outputOption())
    .addHelpText(
      'after',
      '\nExample:\n  $ plumb audit --follow\n  $ plumb audit -o json | jq \'.items[] | select(.who == "key:ci")\'',
    )
    .action(async ({ follow: goesOn, limit, output }: Options) => {
      const store = await context.store();
      const { first, last } = await auditSpan(store);
      const records: AuditRecord[] = [];
      for await (const record of recordsFrom(store, Math.max(first, last - limit + 1), last)) records.push(record);
      const forPeople = output === 'table' || output === 'wide';
      if (!goesOn) return print(context, output, forPeople ? joined(records) : records, columns);
      const text = forPeople ? line : jsonLine;
      for (const record of records) context.out(text(record));
      await tail(context, store, last, text);
    })
    .addCommand(verify(context))
    .addCommand(exported(context));
