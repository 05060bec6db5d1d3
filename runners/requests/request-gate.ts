import type { Msg } from '@nats-io/transport-node';
import { isInbox, headers as names, requests, type Verb } from '../../core/bus.ts';
import { PlumbError } from '../../core/errors.ts';

type Parsed = { request: unknown; json: boolean };

/** Headers that nats-server puts on a message which a stream hands out. */
const fromStream = ['Nats-Stream', 'Nats-Subject', 'Nats-Sequence', 'Nats-Consumer'];

/**
 * Why a message on a request's subject is none. Whoever may make a stream deliver may choose the subject, and whoever
 * sends may choose the reply's: an answer to anything but an inbox would be a message of ours on somebody else's subject.
 */
export const whyStray = ({ reply, headers }: Msg): string | undefined => {
  if (reply?.startsWith('$JS.') || fromStream.some((name) => headers?.has(name))) return 'a stream delivered it';
  if (!reply) return 'it names no inbox for the answer';
  return isInbox(reply) ? undefined : `its answer would go to "${reply.slice(0, 80)}", which is not an inbox`;
};

/** Whoever says nothing else waits for so long, in milliseconds. */
const usualMs = 60_000;

/**
 * How long a request may wait for its turn, in milliseconds: a little less than its asker does, who is to read that
 * nothing was sent. It is no time of day: the asker's clock may be any.
 */
export const patienceOf = ({ headers }: Msg): number => {
  const told = Number(headers?.get(names.wait) || usualMs);
  const waitsMs = Number.isFinite(told) && told > 0 ? told : usualMs;
  return Math.min(waitsMs - Math.min(1_000, waitsMs / 4), 2 ** 31 - 1);
};

/** What a person types who asks in text for a change that has no other text. */
const words: Partial<Record<Verb, string>> = {
  rollback: '"last", or the id of a job',
  hold: 'the reason',
  retry: 'the reason',
  resume: '"yes"',
};

/**
 * A JSON object is a request as it stands; any other text is the verb's one text field.
 *
 * @throws PlumbError `invalid_request` where an empty text would change something
 */
export const parseRequest = (device: string, verb: Verb, body: string): Parsed => {
  if (body.trimStart().startsWith('{')) {
    try {
      return { request: JSON.parse(body) as unknown, json: true };
    } catch {
      // a command may well begin with a brace: text then
    }
  }
  const { text } = requests[verb];
  const value = body.replace(/\r?\n$/, '');
  const word = words[verb];
  if (word !== undefined && (value.trim() === '' || (text === undefined && value !== 'yes'))) {
    throw new PlumbError('invalid_request', `${device}: a "${verb}" request needs ${word} as text, or {} in JSON`);
  }
  return { request: text === undefined || value === '' ? {} : { [text]: value }, json: false };
};
