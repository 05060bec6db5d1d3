import { Job, type JobKind, jobKinds, type Step, streams, subjects } from '../../core/bus.ts';
import { steps } from '../../core/steps.ts';
import { commandOf } from '../../core/store/jobs.ts';
import { Mirror } from '../../core/store/mirror/mirror.ts';
import type { Change } from '../../core/store/mirror/mirrored.ts';
import { parseRecord } from '../../core/store/records.ts';
import type { Store } from '../../core/store/store.ts';
import type { JobSummary } from '../http/schemas.ts';

/** A job in memory: what it is looked for by, and its summary as JSON, which takes a third of the room of the object. */
export type JobRow = { id: string; device: string; kind: JobKind; state: Step; text: string };

/** An id begins with its time. */
const timeChars = 9;
const bulkMs = 10 * 60_000;

/** Which jobs: those of these devices, in this step, of this kind, asked for since then, and older than the cursor. */
type JobQuery = {
  devices?: ReadonlySet<string>;
  state?: Step | undefined;
  kind?: JobKind | undefined;
  sinceMs?: number | undefined;
  cursor?: string | undefined;
  wanted?: (row: JobRow) => boolean;
  limit: number;
};

const longestCommand = 1000;

const summary = ({ diff: _, result: __, request, checks: ___, steps: ____, ...rest }: Job): JobSummary => {
  const command = commandOf({ kind: rest.kind, request });
  return command === undefined ? rest : { ...rest, command: command.slice(0, longestCommand) };
};

/** What changed a device, or tried to; with `all` also what found nothing to change. */
export const isHistory =
  (all: boolean) =>
  ({ kind, text }: JobRow): boolean => {
    const { dryRun, outcome, change }: JobSummary = JSON.parse(text);
    const changes = kind === 'deploy' || kind === 'rollback' || kind === 'file-put' || change !== undefined;
    return changes && !dryRun && (all || outcome?.kind !== 'unchanged');
  };

/** One string for all that say the same. */
const shared = () => {
  const known = new Map<string, string>();
  return (text: string): string => {
    const found = known.get(text);
    if (found === undefined) known.set(text, text);
    return found ?? text;
  };
};

const idOf = (subject: string): string => subject.slice(subject.lastIndexOf('.') + 1);

/** All jobs that NATS keeps, newest first, without their diffs and results. */
export class Jobs {
  readonly mirror: Mirror<JobRow>;
  readonly #news: (change: Change<JobRow>) => void;
  /** By id, the oldest first. */
  #rows: JobRow[] = [];
  #version = 0;

  /** @param news called after each change */
  constructor(store: Store, news: (change: Change<JobRow>) => void) {
    this.#news = news;
    const { site } = store;
    const one = shared();
    const parse = (data: Uint8Array): JobRow | undefined => {
      const job = parseRecord(Job, data);
      if (!job) return undefined;
      const { id, device, kind, state } = job;
      const word = {
        kind: jobKinds.find((each) => each === kind) ?? kind,
        state: steps.find((each) => each === state) ?? state,
      };
      return { id, device: one(device), ...word, text: JSON.stringify(summary(job)) };
    };
    this.mirror = new Mirror<JobRow>(
      store,
      {
        stream: streams.jobs(site),
        subjects: subjects.jobs(site),
        told: subjects.stored(site, 'job', '>'),
        keyOf: idOf,
        parse,
      },
      (change) => this.#changed(change),
    );
  }

  /** Another one after each change; of this process alone. */
  get version(): number {
    return this.#version;
  }

  /** @returns one page, newest first, and whether there is more */
  list({ devices, state, kind, sinceMs, cursor, wanted, limit }: JobQuery): { rows: JobRow[]; more: boolean } {
    const oldest = sinceMs === undefined ? '' : Math.max(0, Math.floor(sinceMs)).toString(36).padStart(timeChars, '0');
    const rows: JobRow[] = [];
    const end = cursor === undefined ? this.#rows.length : this.#place(cursor);
    for (let at = end - 1; at >= 0; at -= 1) {
      const row = this.#rows[at];
      if (!row || row.id < oldest) break;
      if (kind && row.kind !== kind) continue;
      if (state && row.state !== state) continue;
      if (devices && !devices.has(row.device)) continue;
      if (wanted && !wanted(row)) continue;
      if (rows.length === limit) return { rows, more: true };
      rows.push(row);
    }
    return { rows, more: false };
  }

  /** The jobs of one request to many devices, which were queued within minutes after it. */
  ofBulk(id: string): JobSummary[] {
    const from = id.slice(0, timeChars);
    const to = (Number.parseInt(from, 36) + bulkMs).toString(36).padStart(timeChars, '0');
    const found: JobSummary[] = [];
    for (let at = this.#place(from); at < this.#rows.length; at += 1) {
      const row = this.#rows[at];
      if (!row || row.id > to) break;
      if (row.text.includes(`"bulk":"${id}"`)) found.push(JSON.parse(row.text));
    }
    return found.filter(({ bulk }) => bulk === id);
  }

  /** Where a job is, or would be. */
  #place(id: string): number {
    let from = 0;
    let to = this.#rows.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      if ((this.#rows[middle]?.id ?? '') < id) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  #changed(change: Change<JobRow>): void {
    this.#version += 1;
    if (change.kind === 'read') {
      this.#rows = [...this.mirror.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
    } else {
      const { key, value } = change;
      const at = this.#place(key);
      const isThere = this.#rows[at]?.id === key;
      this.#rows.splice(at, isThere ? 1 : 0, ...(value ? [value] : []));
    }
    this.#news(change);
  }
}
