import { signal } from '@preact/signals';

const place = 'plumb-key';

/** The API key that this tab was given: kept until the tab is closed, and seen by no other one. */
export const key = signal(sessionStorage.getItem(place) ?? '');

/** Why the key is asked for again; '' the first time. */
export const refusal = signal('');

export const logIn = (given: string): void => {
  sessionStorage.setItem(place, given);
  refusal.value = '';
  key.value = given;
};

/** @param why the key is no longer good; '' where the person left by will */
export const logOut = (why = ''): void => {
  sessionStorage.removeItem(place);
  refusal.value = why;
  key.value = '';
};

/** What a request carries to be let in. */
export const credentials = (): Record<string, string> => (key.value ? { authorization: `Bearer ${key.value}` } : {});
