import type { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import tls from 'node:tls';
import { explain, PlumbError } from '../../../core/errors.ts';
import { isLate } from '../late.ts';
import { dial } from '../tcp.ts';

/** A certificate as an operator compares it. */
export type ShownCertificate = {
  subject: string;
  issuer: string;
  validFrom: Date;
  validTo: Date;
  /** SHA-256 of the whole certificate: `AB:CD:…`. */
  fingerprint: string;
  /** Why no authority vouches for it; undefined where one does. */
  complaint: string | undefined;
};

/** Where to do a handshake, and what counts as an authority. */
export type TlsEndpoint = {
  /** What the operator calls the device; messages start with it. */
  name: string;
  host: string;
  port: number;
  /** PEM of the authorities; undefined: the system's. */
  ca: Buffer | undefined;
  /** Also TLS 1.0 and 1.1, and their ciphers. */
  legacy: boolean;
  connectTimeoutMs?: number;
  /** As of a target: the connection is reset when it aborts. */
  lost?: AbortSignal;
};

const oneLine = (name: string): string => name.split('\n').filter(Boolean).join(', ');

const shownBy = (certificate: X509Certificate, complaint: string | undefined): ShownCertificate => ({
  subject: oneLine(certificate.subject) || '(empty)',
  issuer: oneLine(certificate.issuer) || '(empty)',
  validFrom: new Date(certificate.validFrom),
  validTo: new Date(certificate.validTo),
  fingerprint: certificate.fingerprint256,
  complaint,
});

type Failure = Error & { code?: string };

const inOurWords = ({ name, host, port }: TlsEndpoint, connected: boolean, late: boolean, cause: Failure) => {
  const at = `${host} port ${port}`;
  if (late && connected)
    return new PlumbError('unreachable', `${name}: ${at} accepts the connection but does not answer in TLS`, {
      cause,
      hint: 'is that the eAPI port? `show management api http-commands` on the switch shows it',
    });
  if (late || !connected)
    return new PlumbError('unreachable', `${name}: cannot reach ${at}: ${late ? 'no answer' : explain(cause)}`, {
      cause,
      hint: 'is the device up, are address and port right, and is `management api http-commands` enabled?',
    });
  if (/UNSUPPORTED_PROTOCOL|_ALERT_|NO_CIPHERS|HANDSHAKE_FAILURE/.test(cause.code ?? ''))
    return new PlumbError('unreachable', `${name}: no TLS with ${at}: ${cause.code}`, {
      cause,
      hint: 'an old device may need `options: {tlsLegacy: true}`',
    });
  if (!cause.code?.startsWith('ERR_SSL'))
    return new PlumbError(
      'unreachable',
      `${name}: ${at} accepts the connection and closes it during the TLS handshake`,
      {
        cause,
        hint: 'is that the eAPI port, and does the switch allow this address?',
      },
    );
  return new PlumbError('unreachable', `${name}: ${at} does not speak TLS: ${cause.code}`, {
    cause,
    hint: 'is that the eAPI port? `options: {http: true}` is for a lab without TLS',
  });
};

/** The connection ended right after the handshake. */
export const lost = (at: TlsEndpoint): PlumbError => inOurWords(at, true, false, new Error('it closed the connection'));

/**
 * Does the TLS handshake and nothing more: not a byte of ours follows it. Whoever calls judges the certificate.
 *
 * @param signal aborts it
 * @throws PlumbError `unreachable`
 */
export const handshake = async (
  at: TlsEndpoint,
  signal: AbortSignal,
): Promise<{ socket: tls.TLSSocket; shown: ShownCertificate }> => {
  const deadline = AbortSignal.timeout(at.connectTimeoutMs ?? 20_000);
  const either = AbortSignal.any([signal, deadline]);
  signal.throwIfAborted();
  const tcp = await dial(at.host, at.port, either, at.lost).catch((error: Failure) => {
    if (signal.aborted && !isLate(signal)) throw signal.reason;
    throw inOurWords(at, false, isLate(either), error);
  });
  const socket = tls.connect({
    socket: tcp,
    ...(isIP(at.host) ? {} : { servername: at.host }),
    ...(at.ca === undefined ? {} : { ca: at.ca }),
    ...(at.legacy ? { minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' } : { minVersion: 'TLSv1.2' }),
    rejectUnauthorized: false, // judged by the caller, whose message names the fingerprint
  });
  socket.on('error', () => {}); // whoever uses it later hears of its end by `close`
  const abort = () => socket.destroy(new Error('given up'));
  either.addEventListener('abort', abort, { once: true });
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('secureConnect', resolve);
      socket.once('error', reject);
      socket.once('close', () => reject(new Error('it closed the connection')));
    });
    const certificate = socket.getPeerX509Certificate();
    if (!certificate) throw new Error('it showed no certificate');
    const why: unknown = socket.authorizationError ?? undefined; // an Error or its code, by the version of Node
    const complaint = socket.authorized ? undefined : why instanceof Error ? explain(why) : String(why);
    return { socket: socket.setNoDelay(true), shown: shownBy(certificate, complaint) };
  } catch (error) {
    socket.destroy();
    if (signal.aborted && !isLate(signal)) throw signal.reason;
    throw inOurWords(at, true, isLate(either), error as Failure);
  } finally {
    either.removeEventListener('abort', abort);
  }
};
