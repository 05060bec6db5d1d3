import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

// OpenSSH's known_hosts, as sshd(8) describes it under "SSH_KNOWN_HOSTS FILE FORMAT".

/** One usable line: whom it is about, and which key is theirs. */
type KnownHost = {
  hosts: readonly string[];
  type: string;
  key: Buffer;
  /** `@revoked`: never to be accepted; `@cert-authority`: not the host's, but of who signs for it. */
  marker: '@revoked' | '@cert-authority' | undefined;
};

/** What known_hosts says about a key that a host showed. */
export type HostKeyVerdict =
  | { kind: 'known' }
  | { kind: 'unknown'; authority: boolean }
  | { kind: 'changed'; pinned: readonly string[] }
  | { kind: 'revoked' };

const readLine = (line: string): KnownHost | string | undefined => {
  const words = line.trim().split(/\s+/);
  const marker = words[0]?.startsWith('@') ? words.shift() : undefined;
  const [hosts, type, base64] = words;
  if (!hosts || hosts.startsWith('#')) return marker ? `${marker} names no host` : undefined;
  if (marker !== undefined && marker !== '@revoked' && marker !== '@cert-authority') return `${marker} is not known`;
  if (!type || !base64) return 'it contains no key';
  const key = Buffer.from(base64, 'base64');
  if (keyType(key) !== type) return `its key does not have the type ${type}`;
  return { hosts: hosts.split(','), type, key, marker };
};

/** The lines that name a host and a key; comments and lines that cannot be read are left out, as by ssh. */
export const parseKnownHosts = (text: string): KnownHost[] =>
  text.split('\n').flatMap((line) => {
    const entry = readLine(line);
    return typeof entry === 'object' ? [entry] : [];
  });

/** The lines that are not acted on, and why: what OpenSSH supports and we do not, and what nobody can read. */
export const passedOver = (text: string): { line: number; why: string }[] =>
  text.split('\n').flatMap((line, index) => {
    const entry = readLine(line);
    if (typeof entry === 'string') return [{ line: index + 1, why: entry }];
    if (entry?.marker !== '@cert-authority') return [];
    return [{ line: index + 1, why: '@cert-authority is not supported: host certificates are not verified' }];
  });

/** The name under which known_hosts lists a host: with its port unless that is 22. */
export const hostName = (host: string, port: number): string =>
  port === 22 ? host.toLowerCase() : `[${host.toLowerCase()}]:${port}`;

const matchesHash = (pattern: string, name: string): boolean => {
  const [, , salt, hash] = pattern.split('|');
  if (!salt || !hash) return false;
  const wanted = Buffer.from(hash, 'base64');
  const found = createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest();
  return wanted.length === found.length && timingSafeEqual(wanted, found);
};

const matchesPattern = (pattern: string, name: string): boolean => {
  if (!/[*?]/.test(pattern)) return pattern.toLowerCase() === name;
  const source = pattern.toLowerCase().replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${source.replaceAll('*', '.*').replaceAll('?', '.')}$`).test(name);
};

const isAbout = (entry: KnownHost, name: string): boolean => {
  let found = false;
  for (const pattern of entry.hosts) {
    if (pattern.startsWith('|1|')) found ||= matchesHash(pattern, name);
    else if (pattern.startsWith('!') && matchesPattern(pattern.slice(1), name)) return false;
    else found ||= matchesPattern(pattern, name);
  }
  return found;
};

/** The fingerprint as ssh-keygen -l prints it. */
export const fingerprint = (key: Buffer): string =>
  `SHA256:${createHash('sha256')
    .update(key)
    .digest('base64')
    .replace(/={1,2}$/, '')}`;

/** The type that a public key names itself: ssh-ed25519, ecdsa-sha2-nistp256, ssh-rsa … */
export const keyType = (key: Buffer): string => {
  const length = key.length >= 4 ? key.readUInt32BE(0) : 0;
  return key.subarray(4, 4 + length).toString('latin1');
};

/** Judges the key that a host showed. A host that is listed with other keys only has changed, whatever their type. */
export const checkHostKey = (
  entries: readonly KnownHost[],
  host: string,
  port: number,
  key: Buffer,
): HostKeyVerdict => {
  const name = hostName(host, port);
  const about = entries.filter((entry) => isAbout(entry, name));
  if (about.some((entry) => entry.marker === '@revoked' && entry.key.equals(key))) return { kind: 'revoked' };
  const pinned = about.filter((entry) => !entry.marker);
  if (pinned.some((entry) => entry.key.equals(key))) return { kind: 'known' };
  if (pinned.length === 0)
    return { kind: 'unknown', authority: about.some((entry) => entry.marker === '@cert-authority') };
  return { kind: 'changed', pinned: pinned.map((entry) => `${entry.type} ${fingerprint(entry.key)}`) };
};

/** The types of the keys that are pinned for a host: ask for these first, or a host with several seems to have changed. */
export const pinnedTypes = (entries: readonly KnownHost[], host: string, port: number): string[] => {
  const name = hostName(host, port);
  return [...new Set(entries.filter((entry) => !entry.marker && isAbout(entry, name)).map((entry) => entry.type))];
};

/** The line that pins a key. */
export const knownHostsLine = (host: string, port: number, key: Buffer): string =>
  `${hostName(host, port)} ${keyType(key)} ${key.toString('base64')}`;

const isPattern = (host: string): boolean => !host.startsWith('|') && /[*?]/.test(host);

/** A line as it is for everyone but one host: its name is taken out, and excepted from a pattern. '' where nobody is left. */
const withoutHost = (line: string, name: string): string => {
  const [entry] = parseKnownHosts(line);
  if (!entry || entry.marker || !isAbout(entry, name)) return line;
  const others = entry.hosts.filter((host) => isPattern(host) || !isAbout({ ...entry, hosts: [host] }, name));
  const excepted = isAbout({ ...entry, hosts: others }, name) ? [...others, `!${name}`] : others;
  if (excepted.every((host) => host.startsWith('!'))) return '';
  return line.trim().replace(/^\S+/, () => excepted.join(','));
};

/** A known_hosts text in which `key` is the only one pinned for the host; what the lines say about others stays. */
export const pinHostKey = (text: string, host: string, port: number, key: Buffer): string => {
  const name = hostName(host, port);
  const kept = text
    .split('\n')
    .map((line) => withoutHost(line, name))
    .filter((line) => line.trim() !== '');
  return `${[...kept, knownHostsLine(host, port, key)].join('\n')}\n`;
};
