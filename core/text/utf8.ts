import { isUtf8 } from 'node:buffer';
import { PlumbError } from '../errors.ts';

/** @returns the first line, from 1, that is not valid UTF-8; undefined: all are */
export const notUtf8 = (bytes: Uint8Array): number | undefined => {
  if (isUtf8(bytes)) return undefined;
  for (let line = 1, from = 0; ; line += 1) {
    const end = bytes.indexOf(10, from);
    if (!isUtf8(bytes.subarray(from, end < 0 ? bytes.length : end))) return line;
    from = end + 1;
  }
};

/**
 * The text that bytes are, which becomes the same bytes again.
 *
 * @param what e.g. `intended/configs/leaf1.cfg`
 * @throws PlumbError `refused` with the line, rather than put other characters in the place of those that are none
 */
export const sameText = (bytes: Uint8Array, what: string): string => {
  const line = notUtf8(bytes);
  if (line === undefined) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
  const message = `${what}:${line}: not valid UTF-8: the file is binary or in another encoding; nothing was sent`;
  throw new PlumbError('refused', message, { line, hint: '`iconv -f latin1 -t utf-8` converts, where it is Latin-1' });
};
