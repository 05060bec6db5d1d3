import type { JetStreamManager } from '@nats-io/jetstream';
import { streams } from '../../bus.ts';
import { sha256 } from '../payload.ts';

type Of = { jsm: JetStreamManager; site: string };

/** Tells one site's store from every other, also of the same name elsewhere, and says nothing about it: 12 hex digits. */
export const busMark = async ({ jsm, site }: Of): Promise<string> => {
  const { created } = await jsm.streams.info(streams.intent(site));
  return sha256(`${site} ${created}`).slice(0, 12);
};
