import { isIPv6 } from 'node:net';
import { dirname, join } from 'node:path';

// `known_certificates`, beside known_hosts, one pin a line: `host:port SHA256:AB:CD:… anything that explains it`.
// An IPv6 address stands in brackets; `#` begins a comment line; several lines for one host are all accepted.

/** One usable line: whose certificate has this fingerprint. `fingerprint` is '' where the line cannot be read. */
type CertificatePin = { at: string; fingerprint: string; line: number };

/** Path of the file with the pinned certificates. */
export const certificatePins = (knownHosts: string): string => join(dirname(knownHosts), 'known_certificates');

/** The name under which a certificate is pinned. */
export const serviceName = (host: string, port: number): string =>
  `${isIPv6(host) ? `[${host.toLowerCase()}]` : host.toLowerCase()}:${port}`;

/** A SHA-256 fingerprint in any spelling (`AB:CD:…`, `sha256:abcd…`, as openssl prints it) as `AB:CD:…`; '' if it is none. */
export const plainFingerprint = (text: string): string => {
  const digits = text
    .trim()
    .replace(/^sha-?256(?:\s+fingerprint)?\s*[:=]?\s*/i, '')
    .replace(/[:\s]/g, '')
    .toUpperCase();
  return /^[0-9A-F]{64}$/.test(digits) ? (digits.match(/../g) ?? []).join(':') : '';
};

/** The lines that name a host and a certificate. */
const parsePins = (text: string): CertificatePin[] =>
  text.split('\n').flatMap((whole, index) => {
    const [at, fingerprint = ''] = whole.trim().split(/\s+/);
    if (!at || at.startsWith('#')) return [];
    return [{ at: at.toLowerCase(), fingerprint: plainFingerprint(fingerprint), line: index + 1 }];
  });

/** The pins of one host and port. */
export const pinsOf = (text: string, host: string, port: number): CertificatePin[] =>
  parsePins(text).filter(({ at }) => at === serviceName(host, port));

/** The file's text in which `fingerprint` is the only one pinned for the host; every other line stays as it is. */
export const pinCertificate = (
  text: string,
  host: string,
  port: number,
  fingerprint: string,
  comment: string,
): string => {
  const name = serviceName(host, port);
  const kept = text.split('\n').filter((line) => line.trim() !== '' && parsePins(line)[0]?.at !== name);
  const explained = comment.replace(/[\s\p{Cc}]+/gu, ' ').trim();
  return `${[...kept, `${name} SHA256:${plainFingerprint(fingerprint)} ${explained}`.trim()].join('\n')}\n`;
};
