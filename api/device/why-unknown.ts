import type { Api } from '../app.ts';

/** Why nobody can say how the sessions of a device are now; empty: its runner can. */
export const whyUnknown = ({ views: { devices } }: Api, device: string): string => {
  const lease = devices.lease.get(device);
  if (!lease) return 'no runner holds it';
  if (!devices.lease.isHeard(lease.runner)) return `its runner ${lease.runner} missed its last two heartbeats`;
  const session = devices.state.get(device)?.session;
  return session?.state === 'disconnected' ? session.error || 'its runner has no session on it' : '';
};
