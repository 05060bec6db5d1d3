import { isUtf8 } from 'node:buffer';
import { type FailureCode, PlumbError } from '../errors.ts';

/** The first invalid character of a text: its line, from 1, and its offset in bytes, from 0. */
type NotUtf8 = { line: number; offset: number; byte: number };

const isContinuation = (byte = 0) => byte >> 6 === 2;
const lengthOf = (lead = 0) => (lead >> 5 === 6 ? 2 : lead >> 4 === 14 ? 3 : lead >> 3 === 30 ? 4 : 1);
const chunkBytes = 64 * 1024;

/** Where the first invalid character is in bytes that are not all UTF-8. */
const firstBroken = (bytes: Uint8Array): number => {
  let from = 0;
  for (let end = chunkBytes; ; end = from + chunkBytes) {
    while (isContinuation(bytes[end])) end++;
    if (!isUtf8(bytes.subarray(from, end))) break;
    from = end;
  }
  for (let end = from; ; from = end) {
    end = from + lengthOf(bytes[from]);
    if (!isUtf8(bytes.subarray(from, end))) return from;
  }
};

/** @returns the first place that is not valid UTF-8; undefined: all is */
export const notUtf8 = (bytes: Uint8Array): NotUtf8 | undefined => {
  if (isUtf8(bytes)) return undefined;
  const offset = firstBroken(bytes);
  let line = 1;
  for (let at = bytes.indexOf(10); at >= 0 && at < offset; at = bytes.indexOf(10, at + 1)) line++;
  return { line, offset, byte: bytes[offset] ?? 0 };
};

/** How UTF-16 begins: with its mark, or with a letter beside a zero byte. */
const utf16 = (bytes: Uint8Array): string | undefined => {
  const [first, second, third, fourth] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return 'utf-16';
  if (first && second === 0 && third && fourth === 0) return 'utf-16le';
  return first === 0 && second && third === 0 && fourth ? 'utf-16be' : undefined;
};

/** How to convert bytes that are not UTF-8, or that contain a NUL. */
export const encodingHint = (bytes: Uint8Array): string => {
  const from = utf16(bytes);
  if (from) return `it is UTF-16: \`iconv -f ${from} -t utf-8\` converts it`;
  return notUtf8(bytes)
    ? 'if it is Latin-1, `iconv -f latin1 -t utf-8` converts it'
    : 'a configuration is plain text in UTF-8';
};

/**
 * Refuses bytes that are not text: they would not convert back to the same bytes, or contain a NUL.
 *
 * @param what e.g. `intended/configs/leaf1.cfg`
 */
export const refusalOfText = (bytes: Uint8Array, what: string, code: FailureCode): PlumbError | undefined => {
  const found = notUtf8(bytes);
  const nul = found ? -1 : bytes.indexOf(0);
  if (nul >= 0) {
    return new PlumbError(code, `${what}: binary: a NUL byte at byte offset ${nul}`, { hint: encodingHint(bytes) });
  }
  if (!found) return undefined;
  const { line, offset, byte } = found;
  const where = `0x${byte.toString(16).padStart(2, '0')} at byte offset ${offset}`;
  const message = `${what}:${line}: not valid UTF-8: ${where}: the file is binary or in another encoding`;
  return new PlumbError(code, message, { line, hint: encodingHint(bytes) });
};

/**
 * Bytes as text that converts back to the same bytes.
 *
 * @param what e.g. `intended/configs/leaf1.cfg`
 * @throws PlumbError `code` with line and offset, instead of replacing invalid characters
 */
export const sameText = (bytes: Uint8Array, what: string, code: FailureCode = 'refused'): string => {
  const refusal = refusalOfText(bytes, what, code);
  if (refusal) throw refusal;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
};
