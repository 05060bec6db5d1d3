import { count, sentence } from '../words/words.ts';
import { countsOf, type Session } from './sessions.ts';

/**
 * Which sessions are down? In one sentence, and what cannot be told.
 *
 * @param unread devices whose sessions were never read
 * @param unaddressed devices whose addresses were never read
 */
export const verdictOf = (
  sessions: readonly Session[],
  unread: number,
  unaddressed = 0,
): { answer: string; rest: string } => {
  const { up, down, half, unknown, off } = countsOf(sessions);
  const not = unread > 0 ? `The sessions of ${count(unread, 'device')} have not been read yet.` : '';
  if (sessions.length === 0)
    return { answer: unread > 0 ? 'No session has been read yet.' : 'No device has a BGP session.', rest: not };
  const parts: string[] = [];
  if (down > 0) parts.push(`${down} of ${count(sessions.length, 'session')} ${down === 1 ? 'is' : 'are'} down`);
  if (half > 0) parts.push(`${half} ${half === 1 ? 'is' : 'are'} configured on one side only`);
  const rest = [
    unknown > 0 && `${unknown} ${unknown === 1 ? 'is' : 'are'} unknown, because a device at one end is.`,
    off > 0 && `${off} ${off === 1 ? 'is' : 'are'} switched off.`,
    not,
    unaddressed > 0 &&
      sessions.some(({ peerDevice }) => peerDevice === undefined) &&
      `The addresses of ${count(unaddressed, 'device')} have not been read yet, so the two ends of a session may count as two; “Read all now” reads them.`,
  ].filter(Boolean);
  if (parts.length > 0) return { answer: `${sentence(parts.join(', and '))}.`, rest: rest.join(' ') };
  const answer =
    up === sessions.length
      ? `All ${count(up, 'session')} are up.`
      : `${sentence(count(up, 'session'))} ${up === 1 ? 'is' : 'are'} up, and none is down.`;
  return { answer: up === 1 && sessions.length === 1 ? 'The only session is up.' : answer, rest: rest.join(' ') };
};
