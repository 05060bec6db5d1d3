import { explain, PlumbError, storeRepair, whyNotStored } from '../../core/errors.ts';
import type { Store } from '../../core/store/store.ts';
import type { Announce } from '../events.ts';
import type { Snapshot } from '../source.ts';

type Complaint = { device: string | undefined; problem: PlumbError };

/** Tells each problem once, and when it is over. */
export class Complaints {
  readonly #announce: Announce;
  readonly #told = new Map<string, Complaint>();
  #ofSource = new Set<string>();

  constructor(announce: Announce) {
    this.#announce = announce;
  }

  tell(about: string, problem: PlumbError, device?: string): void {
    if (this.#told.get(about)?.problem.message === problem.message) return;
    this.#told.set(about, { device, problem });
    this.#announce({ kind: 'problem', about, device, problem });
  }

  solved(about: string): void {
    const told = this.#told.get(about);
    if (this.#told.delete(about)) this.#announce({ kind: 'solved', about, device: told?.device });
  }

  /** Everything that is wrong with what a source holds now. */
  ofSnapshot(snapshot: Snapshot): void {
    const now = sourceComplaints(snapshot);
    for (const about of this.#ofSource) if (!now.has(about)) this.solved(about);
    for (const [about, { problem, device }] of now) this.tell(about, problem, device);
    this.#ofSource = new Set(now.keys());
  }
}

const sourceComplaints = ({ inventory, items, problems }: Snapshot): Map<string, Complaint> => {
  const found = new Map<string, Complaint>();
  for (const [about, problem] of problems) found.set(about, { device: undefined, problem });
  for (const [device, item] of items) {
    if (item.kind === 'refused') found.set(item.path, { device, problem: item.problem });
    else if (inventory && !inventory.devices.has(device)) {
      const hint = `add ${device} to the inventory, or remove the file`;
      const problem = new PlumbError('unknown_device', `${item.path}: the inventory has no device "${device}"`, {
        hint,
      });
      found.set(item.path, { device: undefined, problem });
    } else if (item.problem) found.set(item.path, { device, problem: item.problem });
  }
  return found;
};

/** A failure of the store or the connection, as an operator should read it. */
export const storeProblem = (store: Store, error: unknown): PlumbError =>
  new PlumbError('nats_unavailable', `site ${store.site}: cannot publish: ${explain(error)}`, {
    cause: error,
    hint: `nothing is lost: the watcher looks afresh as soon as NATS ${whyNotStored(error) ? `can; ${storeRepair}` : 'answers'}`,
  });
