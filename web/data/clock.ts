import { signal } from '@preact/signals';

let aheadMs = 0;

/** Takes the time from an answer's `Date`: ages and countdowns are of the server's clock, not of this computer's. */
export const heardTime = (date: string | null): void => {
  const serverMs = Date.parse(date ?? '');
  // it names whole seconds: half of one is the best guess
  if (Number.isFinite(serverMs) && Math.abs(serverMs + 500 - Date.now() - aheadMs) > 1_000)
    aheadMs = serverMs + 500 - Date.now();
};

/** Milliseconds since 1970, by the server's clock. */
export const serverNow = (): number => Date.now() + aheadMs;

/** The same, each second anew. */
export const now = signal(serverNow());

/** Keeps `now` going. */
export const startClock = (): void => {
  setInterval(() => {
    now.value = serverNow();
  }, 1_000);
};
