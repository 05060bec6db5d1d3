import { signal } from '@preact/signals';
import { logIn, logOut, type Session } from '../session.ts';
import { ask } from './http.ts';
import { Refusal } from './refusal.ts';

type Ways = { oidc: boolean; session: boolean };

/** Whether one may log in at an identity provider, too. */
export const hasProvider = signal(false);

const retryMs = 2_000;

/** Learns whether somebody is logged in here already, by a link, a provider, or from before. */
export const learnWho = async (): Promise<void> => {
  for (;;) {
    try {
      const { oidc, session } = await ask<Ways>('GET', '/api/v1/login');
      hasProvider.value = oidc;
      if (!session) return logOut();
      return logIn(await ask<Session>('GET', '/api/v1/session'));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (error.code === 'not_authenticated') return;
    }
    await new Promise((resolve) => setTimeout(resolve, retryMs));
  }
};

export type Credentials = { key: string } | { user: string; password: string };

/** @throws Refusal where they are not the right ones, or the browser keeps no session */
export const enter = async (credentials: Credentials): Promise<void> => {
  const who = await ask<Session>('POST', '/api/v1/session', { body: credentials });
  const { session } = await ask<Ways>('GET', '/api/v1/login');
  if (!session)
    throw new Refusal(
      'no_session',
      'this browser does not keep the session cookie from this address',
      'open the page over TLS; Chromium also keeps it from 127.0.0.1',
    );
  logIn(who);
};

/** Ends the session, here and at the server. */
export const leave = async (): Promise<void> => {
  await ask('DELETE', '/api/v1/session').catch(() => {}); // one that is over already is left as well
  logOut();
};
