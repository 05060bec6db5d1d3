/** A timer of the device; `cancel` is safe at any time. */
export type Timer = { cancel: () => void };

type Due = { at: number; run: () => void; real: NodeJS.Timeout | undefined };

/** The device's own time: as fast as is asked, and it can be moved on. */
export class Clock {
  readonly #scale: number;
  readonly #started = performance.now();
  readonly #begin = Date.now();
  readonly #due = new Set<Due>();
  #skippedMs = 0;

  /** @param scale seconds of the device in one real second */
  constructor(scale = 1) {
    this.#scale = scale;
  }

  /** Milliseconds since 1970, by the device. */
  now(): number {
    return this.#begin + (performance.now() - this.#started) * this.#scale + this.#skippedMs;
  }

  /** @param ms by the device's time */
  after(ms: number, run: () => void): Timer {
    const due: Due = { at: this.now() + ms, run, real: undefined };
    this.#due.add(due);
    this.#arm(due);
    return {
      cancel: () => {
        clearTimeout(due.real);
        this.#due.delete(due);
      },
    };
  }

  /** Waits, by the device's time. */
  wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(ms, resolve);
    });
  }

  /** Moves the time on at once and fires what is due. */
  advance(ms: number): void {
    this.#skippedMs += ms;
    for (const due of [...this.#due].sort((a, b) => a.at - b.at)) {
      clearTimeout(due.real);
      this.#arm(due);
    }
  }

  /** Stops every timer. */
  stop(): void {
    for (const due of this.#due) clearTimeout(due.real);
    this.#due.clear();
  }

  #arm(due: Due): void {
    const ms = (due.at - this.now()) / this.#scale;
    if (ms <= 0) {
      this.#fire(due);
      return;
    }
    due.real = setTimeout(() => (due.at <= this.now() + 1 ? this.#fire(due) : this.#arm(due)), Math.min(ms, 2 ** 30));
    due.real.unref();
  }

  #fire(due: Due): void {
    if (this.#due.delete(due)) due.run();
  }
}

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (value: number) => String(value).padStart(2, '0');

/** The parts of a date as devices print them, in UTC. */
export const dateParts = (ms: number) => {
  const date = new Date(ms);
  return {
    day: days[date.getUTCDay()] ?? '',
    month: months[date.getUTCMonth()] ?? '',
    date: date.getUTCDate(),
    year: date.getUTCFullYear(),
    time: `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`,
    ms: String(date.getUTCMilliseconds()).padStart(3, '0'),
    iso: `${date.getUTCFullYear()}-${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())}`,
  };
};

/** `Sat May 29 13:07:40 2021` */
export const ctime = (ms: number): string => {
  const { day, month, date, time, year } = dateParts(ms);
  return `${day} ${month} ${String(date).padStart(2)} ${time} ${year}`;
};

/** Seconds as `HH:MM:SS`. */
export const hms = (seconds: number): string => {
  const whole = Math.max(0, Math.round(seconds));
  return `${two(Math.floor(whole / 3600))}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
};

/** An uptime as Cisco and Arista print it: `00:01:02`, `1d02h`, `8w0d`, `1y2w`. */
export const upDown = (seconds: number): string => {
  const day = Math.floor(seconds / 86_400);
  if (day < 1) return hms(seconds);
  if (day < 7) return `${day}d${two(Math.floor((seconds % 86_400) / 3600))}h`;
  if (day < 365) return `${Math.floor(day / 7)}w${day % 7}d`;
  return `${Math.floor(day / 365)}y${Math.floor((day % 365) / 7)}w`;
};
