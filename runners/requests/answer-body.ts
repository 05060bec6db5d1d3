import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { limits, type Verb } from '../../core/bus.ts';
import { PlumbError } from '../../core/errors.ts';
import type { Answer } from './recorded.ts';

const compressed = promisify(gzip);

/** Whose answer it is, and how many bytes of it a message of this NATS takes. */
type Room = { device: string; verb: Verb; most: number };
type Body = { body: string | Uint8Array; encoding?: 'gzip' };

/** The work was done, and is recorded: only what was asked for cannot be handed over. */
const tooLarge = ({ device, verb }: Room, { job }: Answer, why: string, hint: string): PlumbError => {
  const done = typeof job === 'string' ? `; the work is done, as job ${job}` : '';
  return new PlumbError('unsupported', `${device}: the answer to "${verb}" is too large: ${why}${done}`, { hint });
};

const askForLess = 'ask for less of it (`| head`, `| include`), or `plumb file get` where it is a file';

/** What a person reads who asked in plain text: the one thing that was asked for, or the fields, a line each. */
const lines = (answer: Answer): string => {
  const { output, config, diff } = answer;
  const text = output ?? config ?? diff;
  if (typeof text === 'string') return text;
  return Object.entries(answer)
    .map(([key, value]) => `${key}: ${typeof value === 'string' ? value : JSON.stringify(value, null, 2)}`)
    .join('\n');
};

/** The answer to a request in plain text. @throws PlumbError `unsupported` where it does not fit into a message */
export const asText = async (room: Room, answer: Answer, bytes: Uint8Array | undefined): Promise<Body> => {
  const body = bytes ?? lines(answer);
  const size = Buffer.byteLength(body);
  const isPart = bytes !== undefined && bytes.length !== answer.size;
  if (size <= room.most && !isPart) return { body };
  const hint = bytes ? '`plumb file get` fetches it in parts' : 'send the request as JSON: its answer is compressed';
  throw tooLarge(room, answer, isPart ? 'a file in parts' : `${size} bytes, and a message takes ${room.most}`, hint);
};

/** The same in JSON, compressed where it is long. @param bytes a file's, which are nobody's to mask */
export const asJson = async (room: Room, answer: Answer, bytes: Uint8Array | undefined): Promise<Body> => {
  const whole = bytes ? { ...answer, content: Buffer.from(bytes).toString('base64') } : answer;
  const plain = Buffer.from(JSON.stringify(whole));
  if (plain.length <= limits.gzipAboveBytes) return { body: plain };
  const body = await compressed(plain);
  if (body.length <= room.most) return { body, encoding: 'gzip' };
  throw tooLarge(room, answer, `${body.length} bytes, compressed, and a message takes ${room.most}`, askForLess);
};
