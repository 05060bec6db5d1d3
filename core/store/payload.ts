import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { limits } from '../bus.ts';
import { PlumbError } from '../errors.ts';

/** SHA-256 in hex: what names a configuration everywhere. */
export const sha256 = (text: string | Uint8Array): string => createHash('sha256').update(text).digest('hex');

/** The largest text that a stored body may unfold to; what is larger is refused before it fills the memory. */
const maxDecodedBytes = 64 * 1024 * 1024;

/** @returns the bytes to store, gzipped above 256 KiB */
export const encodeBody = (body: Uint8Array): { bytes: Uint8Array; encoding?: 'gzip' } =>
  body.length > limits.gzipAboveBytes ? { bytes: gzipSync(body), encoding: 'gzip' } : { bytes: body };

/** @throws PlumbError `refused` for an unknown encoding or bytes that are not what the encoding says */
export const decodeBody = (bytes: Uint8Array, encoding: string | undefined): Uint8Array => {
  if (!encoding) return bytes;
  if (encoding !== 'gzip')
    throw new PlumbError('refused', `unknown Content-Encoding "${encoding}", only gzip is understood`);
  try {
    return gunzipSync(bytes, { maxOutputLength: maxDecodedBytes });
  } catch (cause) {
    throw new PlumbError('refused', 'the header says gzip, but the stored text is not', { cause });
  }
};
