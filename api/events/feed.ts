import type { InventoryEntry } from '../../core/bus.ts';
import { HttpProblem } from '../http/problem.ts';
import type { News, Views } from '../views/views.ts';
import { eventText, Listener, type Telling, tellingsText } from './listener.ts';
import { changedSince, idOf, positionOf, readId } from './position.ts';

/** What changes within that time is told together, and the same thing once. */
const togetherMs = 50;
const maxListeners = 1_000;
/** Beyond that many, reading the lists afresh is less. */
const maxReplayed = 10_000;
/** Without a word of NATS for so long, what was told may no longer be so. */
const lostMs = 12_000;
const tickMs = 1_000;

/** `wants`: undefined: all devices. `after`: the id of the last event that the listener has. */
type Wish = { wants: ((entry: InventoryEntry) => boolean) | undefined; after: string | undefined };

const resetText = (reason: string, id: string): string => eventText('reset', JSON.stringify({ reason }), id);

/** Tells whoever listens what becomes of devices and jobs. */
export class Feed {
  readonly #views: Views;
  readonly #beatMs: number;
  readonly #listeners = new Set<Listener>();
  readonly #devices = new Set<string>();
  /** With the device of each. */
  readonly #jobs = new Map<string, string>();
  #reset = false;
  #timer: NodeJS.Timeout | undefined;
  /** All up to this id was told. */
  #told = '';
  #lost = false;
  #beatAtMs = performance.now();

  /**
   * @param signal ends all connections
   * @param beatMs how often something is sent, whatever happens
   */
  constructor(views: Views, signal: AbortSignal, beatMs = 15_000) {
    this.#views = views;
    this.#beatMs = beatMs;
    const stop = views.listen((news) => this.#note(news));
    const tick = setInterval(() => this.#tick(), Math.min(tickMs, beatMs));
    signal.addEventListener('abort', () => {
      stop();
      clearInterval(tick);
      clearTimeout(this.#timer);
      for (const listener of this.#listeners) listener.end();
    });
  }

  /** @throws HttpProblem `too_many_requests` */
  join({ wants, after }: Wish): Listener {
    if (this.#listeners.size >= maxListeners) {
      throw new HttpProblem('too_many_requests', `this instance already has ${maxListeners} listeners`, {
        headers: { 'retry-after': '30' },
        hint: 'connect to another instance, or close unused connections',
      });
    }
    const id = this.#id();
    if (this.#listeners.size === 0) this.#told = id;
    const listener = new Listener(wants, this.#views.devices.entries());
    this.#listeners.add(listener);
    listener.stream.once('close', () => this.#listeners.delete(listener));
    listener.send(this.#welcome(listener, after, id));
    if (this.#lost) listener.send(this.#busText());
    return listener;
  }

  #welcome(listener: Listener, after: string | undefined, id: string): string {
    const start = eventText('start', JSON.stringify({ at: new Date().toISOString() }), id);
    if (after === undefined) return start;
    const from = readId(after);
    const changed = from && changedSince(this.#views, from);
    if (!changed) return resetText('the changes after that event are no longer known', id);
    if (!listener.hearsAll && from.inventory !== this.#views.devices.inventory.seq)
      return resetText('the inventory changed: the selector may pick other devices', id);
    const { devices, jobs } = changed;
    if (devices.size + jobs.size > maxReplayed) return resetText('too much has changed since that event', id);
    const tellings = [...this.#ofDevices(devices), ...this.#ofJobs(new Map([...jobs].map((job) => [job, ''])))];
    return tellingsText(listener.pick(tellings), after, id) + start;
  }

  #id(): string {
    return idOf(positionOf(this.#views));
  }

  #ofDevices(names: ReadonlySet<string>): Telling[] {
    const { devices } = this.#views;
    return [...names].map((device) => {
      const entry = devices.inventory.get(device);
      if (!entry) return { name: 'removed', device, entry, data: JSON.stringify({ device }) };
      return { name: 'device', device, entry, data: devices.text(entry) };
    });
  }

  #ofJobs(jobs: ReadonlyMap<string, string>): Telling[] {
    const { inventory } = this.#views.devices;
    return [...jobs].map(([job, of]) => {
      const row = this.#views.jobs.mirror.get(job);
      const device = row?.device ?? of;
      const entry = inventory.get(device);
      if (!row) return { name: 'removed', device, entry, data: JSON.stringify({ job, device }) };
      return { name: 'job', device, entry, data: row.text };
    });
  }

  #note(news: News): void {
    if (this.#listeners.size === 0) return;
    if (news.kind === 'device' && news.device !== undefined) this.#devices.add(news.device);
    else if (news.kind === 'job' && news.change.kind === 'changed') {
      const { key, value, before } = news.change;
      this.#jobs.set(key, (value ?? before)?.device ?? '');
    } else this.#reset = true;
    this.#timer ??= setTimeout(() => this.#flush(), togetherMs);
  }

  #flush(): void {
    const before = this.#told;
    const id = this.#id();
    const reset = this.#reset ? resetText('the NATS streams were recreated', id) : undefined;
    const tellings = reset === undefined ? [...this.#ofDevices(this.#devices), ...this.#ofJobs(this.#jobs)] : [];
    this.#devices.clear();
    this.#jobs.clear();
    this.#reset = false;
    this.#timer = undefined;
    this.#told = id;
    const all = reset ?? tellingsText(tellings, before, id);
    for (const listener of this.#listeners) {
      const whole = listener.hearsAll || reset !== undefined;
      listener.send(whole ? all : tellingsText(listener.pick(tellings), before, id));
    }
  }

  #busText(): string {
    return eventText('bus', JSON.stringify({ up: !this.#lost, ageSeconds: Math.round(this.#views.ageMs() / 1000) }));
  }

  #tick(): void {
    const lost = this.#views.ageMs() > lostMs;
    const changed = lost !== this.#lost;
    this.#lost = lost;
    const now = performance.now();
    const beats = now - this.#beatAtMs >= this.#beatMs;
    if (beats) this.#beatAtMs = now;
    const text = `${changed ? this.#busText() : ''}${beats ? `: ${new Date().toISOString()}\n\n` : ''}`;
    if (text !== '') for (const listener of this.#listeners) listener.send(text);
  }
}
