import { computed, signal } from '@preact/signals';
import type { Permission } from './data/types.ts';

/** Who the API says that we are, and what we may do on some device at least. What opens it is in a cookie that no script sees. */
export type Session = { name: string; may: readonly Permission[]; endsAt?: string };

/** `asking`: it is not known yet; undefined: nobody is logged in. */
export const session = signal<Session | 'asking' | undefined>('asking');

/** Why one has to log in again; '' the first time. */
export const refusal = signal('');

export const logIn = (who: Session): void => {
  refusal.value = '';
  session.value = who;
};

/** @param why the session is no longer good; '' where the person left by will */
export const logOut = (why = ''): void => {
  refusal.value = why;
  session.value = undefined;
};

/** Who is logged in. */
export const person = computed(() => (session.value === 'asking' ? undefined : session.value));

const may = computed(() => new Set(person.value?.may));

/** Why something cannot be done by who is logged in; '' where it can, as far as the page knows. The API decides. */
export const mayNot = (permission: Permission): string =>
  !person.value || may.value.has(permission) ? '' : `needs the permission "${permission}"`;
