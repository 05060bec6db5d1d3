import { posix } from 'node:path';
import { limits } from '../../../core/bus.ts';
import { PlumbError } from '../../../core/errors.ts';
import { redact } from '../../../core/redact/redact.ts';
import { sha256 } from '../../../core/store/payload.ts';
import type { DeviceFile, UploadOptions } from '../../driver.ts';
import type { ExecOptions } from '../../transports/ssh/channel.ts';
import { linuxOptions } from './files.ts';
import type { LinuxHost } from './host.ts';
import * as scripts from './upload-scripts.ts';

const slowMs = 300_000;
/** The largest file in base64, in lines of 76 characters, and what is told of it before. */
const fetchedBytes = Math.ceil((limits.fileBytes / 57) * 77) + 64 * 1024;

/** @throws PlumbError `rejected` for a path that does not name one file, whatever the folder one stands in */
const checkPath = (host: LinuxHost, path: string): void => {
  const why = !path.startsWith('/')
    ? 'it is not an absolute path'
    : path.endsWith('/')
      ? 'it names a folder'
      : posix.normalize(path) !== path
        ? `write it as ${posix.normalize(path)}`
        : /\p{Cc}/u.test(path)
          ? 'it has control characters'
          : undefined;
  if (why) throw new PlumbError('rejected', `${host.name}: "${path.replace(/\p{Cc}/gu, '?')}": ${why}`);
};

const hints: readonly [RegExp, string][] = [
  [/symbolic link/, 'use the path of the file that it points to'],
  [/no space|disk quota/i, 'free some space on the server; the old file is unchanged'],
  [/there is no folder/, 'create the folder first, with `plumb run`'],
  [/options\.files/, 'change it in its intended configuration'],
];

const run = async (
  host: LinuxHost,
  path: string,
  script: string,
  args: readonly string[],
  options: ExecOptions = {},
) => {
  const { code, stdout, stderr } = await host.exec(script, args, { timeoutMs: slowMs, ...options });
  if (code === 0) return stdout;
  const said = redact(stderr.trim().split('\n').slice(-2).join(' ')) || `a script ended with ${code}`;
  if (/permission denied|password is required|not allowed to execute/i.test(stderr)) {
    throw new PlumbError('unauthorized', `${host.name}: ${path}: ${said}`, {
      hint: 'log in as root, or set `options: {sudo: true}` for a user with sudo without a password',
    });
  }
  const hint = hints.find(([pattern]) => pattern.test(said))?.[1];
  throw new PlumbError('rejected', `${host.name}: ${path}: ${said}`, { hint });
};

/** Mode and owner as the scripts print them; a user who has no name here by number. */
const attributes = ([mode = '', names = '', numbers = '']: readonly string[]) => ({
  mode: mode.padStart(4, '0'),
  owner: names.includes('UNKNOWN') ? numbers : names,
});

/** Reads a file, byte by byte as it is, and compares its SHA-256. @throws PlumbError as `Session.download` */
export const download = async (host: LinuxHost, path: string): Promise<DeviceFile> => {
  checkPath(host, path);
  const read = async (): Promise<DeviceFile | undefined> => {
    // base64, since what a command prints is read as text
    const output = await run(host, path, scripts.fetch, [path, String(limits.fileBytes)], { maxBytes: fetchedBytes });
    const [head = '', ...rest] = output.split('\n');
    const [sum = '', ...told] = head.split(' ');
    const content = Buffer.from(rest.join(''), 'base64');
    return sha256(content) === sum ? { content, sha256: sum, ...attributes(told) } : undefined;
  };
  const file = (await read()) ?? (await read());
  if (file) return file;
  throw new PlumbError('rejected', `${host.name}: ${path}: it changes while being read`, { hint: 'try again' });
};

/** Replaces a file in one step. @throws PlumbError as `Session.upload` */
export const upload = async (
  host: LinuxHost,
  path: string,
  content: Buffer,
  { mode = '', job, epoch, fence }: UploadOptions,
): Promise<{ mode: string; owner: string }> => {
  checkPath(host, path);
  const tag = `${job}-${epoch}`;
  const managed = linuxOptions(host.target).files;
  const args = [path, tag, String(epoch), mode, sha256(content), ...managed];
  const told = await run(host, path, scripts.stage, args, { stdin: content });
  try {
    fence();
    await run(host, path, scripts.place, [path, tag]);
  } catch (error) {
    await run(host, path, scripts.unstage, [path, tag]).catch(() => {});
    throw error;
  }
  return attributes(told.trim().split(' '));
};
