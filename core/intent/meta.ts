import { type MsgHdrs, headers as natsHeaders } from '@nats-io/transport-node';
import { headers, isJobId, type Mode } from '../bus.ts';
import { defined } from '../defined.ts';
import { PlumbError } from '../errors.ts';

/** What the headers of an intent say; all optional, since anyone's client may publish one. */
export type IntentMeta = {
  job?: string;
  commit?: string;
  author?: string;
  source?: string;
  mode?: Mode;
  confirmSeconds?: number;
  dryRun?: boolean;
  force?: string;
  fromSource?: boolean;
  /** What the text is claimed to hash to. */
  sha256?: string;
  /** Why this is not deployed: the headers are not understood, or are wrong. */
  faults?: readonly string[];
  /** What was ignored. */
  warnings?: readonly string[];
};

const known = new Set(Object.values(headers).map((name) => name.toLowerCase()));

const isYes = (value: string): boolean | undefined =>
  /^(?:1|true|yes|on)$/i.test(value) ? true : /^(?:0|false|no|off)$/i.test(value) ? false : undefined;

const seconds = (value: string): number | undefined => {
  const number = /^\d{1,5}$/.test(value) ? Number(value) : 0;
  return number >= 1 && number <= 86_400 ? number : undefined;
};

const modeOf = (value: string): Mode | undefined => {
  const word = value.toLowerCase();
  return word === 'merge' || word === 'replace' ? word : undefined;
};

const hashOf = (value: string): string | undefined => (/^[0-9a-f]{64}$/i.test(value) ? value.toLowerCase() : undefined);

/** A value from outside, as shown in messages. */
const quoted = (value: string): string => JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value);

/**
 * What the headers of an intent say. A header of ours whose name or value is not understood is never ignored: without
 * it, the text might be deployed more harshly than intended.
 */
export const readMeta = (from: MsgHdrs | undefined): IntentMeta => {
  const faults: string[] = [];
  const warnings: string[] = [];
  // clients write the names of headers as they like
  const values = new Map<string, string[]>();
  for (const name of from?.keys() ?? []) {
    const key = name.toLowerCase();
    values.set(key, [...(values.get(key) ?? []), ...(from?.values(name) ?? [])]);
    if (key.startsWith('plumb') && !known.has(key)) faults.push(`header ${quoted(name)} is not known to this release`);
  }
  const text = (name: string) => values.get(name.toLowerCase())?.[0] || undefined;
  const understood = <T>(name: string, read: (value: string) => T | undefined, allowed: string): T | undefined => {
    const said = [...new Set(values.get(name.toLowerCase()) ?? [])];
    if (said.length > 1) faults.push(`header ${name} is given ${said.length} times: ${said.map(quoted).join(', ')}`);
    const [value] = said;
    if (value === undefined || said.length > 1) return undefined;
    const result = read(value.trim());
    if (result === undefined) faults.push(`header ${name}: ${quoted(value)} is not understood; allowed: ${allowed}`);
    return result;
  };
  const named = text(headers.job);
  // a job id of another form would become a subject and a name on the device
  const job = named && isJobId(named) ? named : undefined;
  if (named && !job) warnings.push(`header ${headers.job}: ${quoted(named)} is not a job id: ignored`);
  const commit = text(headers.commit)?.slice(0, 512);
  const author = text(headers.author)?.slice(0, 512);
  const source = text(headers.source)?.slice(0, 512);
  const force = text(headers.force);
  const mode = understood(headers.mode, modeOf, 'replace, merge');
  const confirmSeconds = understood(headers.confirm, seconds, 'a whole number of seconds, 1 to 86400');
  const dryRun = understood(headers.dryRun, isYes, 'true, false');
  const sha256 = understood(headers.sha256, hashOf, 'the SHA-256 of the text, 64 hexadecimal digits');
  const fromSource = text(headers.origin) === 'source' || undefined;
  return {
    ...defined({
      job,
      commit,
      author,
      source,
      force,
      mode,
      confirmSeconds,
      dryRun: dryRun || undefined,
      fromSource,
      sha256,
    }),
    ...(faults.length > 0 ? { faults } : {}),
    ...(warnings.length > 0 ? { warnings } : {}),
  };
};

/** The headers that say the same. */
export const writeMeta = (meta: IntentMeta): MsgHdrs => {
  const to = natsHeaders();
  const set = (name: string, value: string | undefined) => value && to.set(name, value.replace(/[\r\n]+/g, ' '));
  set(headers.job, meta.job);
  set(headers.commit, meta.commit);
  set(headers.author, meta.author);
  set(headers.source, meta.source);
  set(headers.mode, meta.mode);
  set(headers.confirm, meta.confirmSeconds?.toString());
  set(headers.dryRun, meta.dryRun ? 'true' : undefined);
  set(headers.force, meta.force);
  set(headers.origin, meta.fromSource ? 'source' : undefined);
  return to;
};

/** Adds what is wrong with a text of that hash. */
export const heldAgainst = (meta: IntentMeta, sha256: string): IntentMeta => {
  if (meta.sha256 === undefined || meta.sha256 === sha256) return meta;
  const fault = `header ${headers.sha256} says ${meta.sha256}, but the SHA-256 of the text received is ${sha256}`;
  return { ...meta, faults: [...(meta.faults ?? []), fault] };
};

const hint = 'publish it again with the headers in docs/subjects.md, or without headers';

/** Why a text is not deployed; '' if nothing is wrong with its headers. */
export const whyUnclear = ({ faults = [] }: IntentMeta): string =>
  faults.length > 0 ? `${faults.join('; ')}; ${hint}` : '';

/** @throws PlumbError `refused` if the headers of a text are not understood, or are wrong */
export const refuseUnclear = (device: string, meta: IntentMeta): void => {
  const why = whyUnclear(meta);
  if (why) throw new PlumbError('refused', `${device}: the published text is not accepted: ${why}`);
};
