import { computed, signal } from '@preact/signals';
import type { Permission } from './data/types.ts';

const place = 'plumb-key';

/** The API key that this tab was given: kept until the tab is closed, and seen by no other one. */
export const key = signal(sessionStorage.getItem(place) ?? '');

/** Who the API says that we are, and what we may do on some device at least; undefined until it has said so. */
export const session = signal<{ name: string; may: readonly Permission[] } | undefined>(undefined);

/** Why the key is asked for again; '' the first time. */
export const refusal = signal('');

export const logIn = (given: string): void => {
  sessionStorage.setItem(place, given);
  refusal.value = '';
  key.value = given;
};

/** @param why the key is no longer good; '' where the person left by will */
export const logOut = (why = ''): void => {
  if (key.value === cookie) void fetch('/api/v1/session', { method: 'DELETE' }).catch(() => {}); // it ends by itself, too
  sessionStorage.removeItem(place);
  refusal.value = why;
  session.value = undefined;
  key.value = '';
};

/** Stands for the key of a login by link: the browser sends a cookie, which no script sees. */
const cookie = 'cookie';

/** Finds out whether a cookie lets us in, where there is no key. */
export const findCookie = async (): Promise<void> => {
  if (key.value !== '') return;
  const reply = await fetch('/api/v1/login').catch(() => undefined);
  const said = reply?.ok ? ((await reply.json()) as { session: boolean }) : undefined;
  if (said?.session) key.value = cookie;
};

/** What a request carries to be let in. */
export const credentials = (): Record<string, string> =>
  key.value && key.value !== cookie ? { authorization: `Bearer ${key.value}` } : {};

const may = computed(() => new Set(session.value?.may));

/** Why something cannot be done by who is logged in; '' where it can, as far as the page knows. The API decides. */
export const mayNot = (permission: Permission): string =>
  session.value === undefined || may.value.has(permission) ? '' : `needs the permission "${permission}"`;
