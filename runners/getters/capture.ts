import { readFileSync, statSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { explain, PlumbError } from '../../core/errors.ts';

const isGzip = (bytes: Buffer) => bytes[0] === 0x1f && bytes[1] === 0x8b;

/** The text of a captured output, as Unix and Windows save it: gzip, UTF-16 and the mark at the beginning are known. */
export const decoded = (bytes: Buffer): string => {
  const plain = isGzip(bytes) ? gunzipSync(bytes) : bytes;
  const [first, second] = plain;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(plain);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(plain);
  return new TextDecoder('utf-8').decode(plain);
};

/**
 * A captured output from its file.
 *
 * @throws PlumbError `invalid_request`
 */
export const readCapture = (path: string): string => {
  try {
    return decoded(readFileSync(path));
  } catch (cause) {
    const folder = statSync(path, { throwIfNoEntry: false })?.isDirectory();
    const what = folder ? 'it is a folder, not the output of one command' : `it cannot be read: ${explain(cause)}`;
    throw new PlumbError('invalid_request', `${path}: ${what}`, { cause });
  }
};

const refusals =
  /^[ \t]*(?:% ?(?:Invalid|Incomplete|Ambiguous|Unrecognized|Unknown|Bad|Authorization failed|Permission denied)\b.*|(?:syntax )?error: .*|Error: ?(?:Unrecognized|Wrong|Incomplete|Too many).*|Cmd exec error.*)/im;

/** What a device says instead of an answer; undefined for an answer. */
export const refusalIn = (text: string): string | undefined =>
  text.trim().split('\n').length > 6 ? undefined : refusals.exec(text)?.[0].trim();
