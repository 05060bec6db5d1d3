import { createHash } from 'node:crypto';
import type { Mode } from '../../../core/bus.ts';
import { maskedDiff } from '../../../core/diff/masked.ts';
import { PlumbError } from '../../../core/errors.ts';
import { redact } from '../../../core/redact/redact.ts';
import type { Candidate, ChangeName, Trial } from '../../driver.ts';
import { goneTrial, HalfUndone, type SeenTrial, SiblingTrial, trialHandle } from '../../session/trial-handle.ts';
import { trialName } from '../../trial-name.ts';
import { isHead, linuxOptions, parseFiles, printFiles, type ServerFile } from './files.ts';
import { keyValues, type LinuxHost } from './host.ts';
import * as scripts from './scripts.ts';

const slowMs = 10 * 60_000;
const trialFolder = '/var/lib/plumbline/linux/trial/old on the server has the previous files';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A file as text. @throws PlumbError `unsupported` for one that a text with heads cannot hold */
const asText = (host: LinuxHost, path: string, bytes: Buffer): string => {
  const cannot = (why: string) =>
    new PlumbError('unsupported', `${host.name}: ${path}: ${why}`, {
      hint: 'remove it from options.files; `plumb file put` replaces a file byte by byte',
    });
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    throw cannot('it is not UTF-8, so it cannot be part of a configuration');
  }
  const line = text.split('\n').findIndex(isHead);
  if (line >= 0)
    throw cannot(`line ${line + 1} looks like the header of a file, so it cannot be part of a configuration`);
  return text;
};

/** The managed files that are there. @throws PlumbError `unsupported`, `unauthorized` */
export const readFiles = async (host: LinuxHost): Promise<ServerFile[]> => {
  const { files } = linuxOptions(host.target);
  if (files.length === 0) return [];
  // base64, since what a command prints is read as text
  const lines = (await host.script('read the files', scripts.read, files)).split('\n');
  const found: ServerFile[] = [];
  for (let at = 0; at + 1 < lines.length; at += 2) {
    const [path = '', mode = ''] = lines[at]?.split(' ') ?? [];
    const text = asText(host, path, Buffer.from(lines[at + 1] ?? '', 'base64'));
    found.push({ path, mode: mode.padStart(4, '0'), text, line: 0 });
  }
  return found;
};

/** @param device whose trial it is; several devices of an inventory may be parts of one server */
const linuxTrial = (host: LinuxHost, found: SeenTrial, device = host.name): Trial => {
  const { name } = found;
  const here = device === host.name;
  const owner = here ? 'Plumbline' : `device ${device}, another part of this server`;
  const ends = {
    confirm: async () => {
      const verdict = (await host.script('confirm the trial', scripts.confirm, [name])).trim();
      if (verdict === 'confirmed') return;
      throw goneTrial(host.name, name, verdict);
    },
    undo: async () => {
      const output = await host.script('undo the trial', scripts.undo, [name], { timeoutMs: slowMs });
      const [verdict = '', ...said] = output.trim().split('\n');
      if (verdict === 'undone' || verdict === 'gone') return;
      const why = redact(said.join(' ')) || verdict;
      if (verdict === 'half')
        throw new HalfUndone(
          `${host.name}: the previous files are back, but the reload command failed with them: ${why}`,
          'does the service run? `plumb run` shows it',
        );
      throw new PlumbError('undo_failed', `${host.name}: trial "${name}" could not be undone: ${why}`, {
        hint: trialFolder,
      });
    },
  };
  return trialHandle(host.name, { ...found, owner }, ends, here ? undefined : device);
};

/** Whose trial was there first. */
const refusalOfBusy = async (host: LinuxHost): Promise<PlumbError> => {
  const found = keyValues(await host.script('look for a trial', scripts.look));
  const device = found.get('device');
  if (device && device !== host.name) return new SiblingTrial(host.name, device, found.get('name') ?? '');
  return new PlumbError('locked', `${host.name}: another trial is pending on the server`);
};

/** The trial on the server; one whose dead-man switch died with a reboot is to be undone. */
export const pendingTrial = async (host: LinuxHost): Promise<Trial | undefined> => {
  const found = keyValues(await host.script('look for a trial', scripts.look));
  const name = found.get('name');
  const phase = found.get('phase');
  if (name === undefined || phase === undefined) return undefined;
  const left = Number(found.get('expires')) - Number(found.get('now'));
  const expiresAt = Number.isFinite(left) ? new Date(Date.now() + left * 1000) : undefined;
  const now = phase === 'confirmed' ? 'confirmed' : phase === 'armed' && found.has('living') ? 'armed' : 'undoing';
  return linuxTrial(host, { name, expiresAt, phase: now }, found.get('device') || undefined);
};

const failedApply = (host: LinuxHost, reload: string, output: string): PlumbError => {
  const [verdict = '', ...said] = output.trim().split('\n');
  const [, what, end] = verdict.split(' ');
  const why = redact(said.join(' ')) || 'it printed nothing';
  const failed = what === 'reload' ? `"${redact(reload)}" failed` : 'the files could not be put in place';
  if (end === 'half')
    return new PlumbError(
      'commit_failed',
      `${host.name}: ${failed}; the previous files are back, but the reload command failed with them, too: ${why}`,
      { hint: 'does the service run? `plumb run` shows it' },
    );
  if (end === 'back')
    return new PlumbError('commit_failed', `${host.name}: ${failed}; the previous files are restored: ${why}`);
  return new PlumbError(
    'undo_failed',
    `${host.name}: ${failed}, and the previous files could not be restored: ${why}`,
    {
      hint: trialFolder,
    },
  );
};

/**
 * The trial of another part of the server is in the way of a commit alone.
 *
 * @throws PlumbError `rejected` with the file's line number, `locked`
 */
export const loadLinux = async (
  host: LinuxHost,
  config: string,
  mode: Mode,
  change: ChangeName,
): Promise<Candidate> => {
  const { files: managed, reload } = linuxOptions(host.target);
  const wanted = parseFiles(config, managed, host.name);
  const pending = await pendingTrial(host);
  if (pending && pending.sibling === undefined)
    throw new PlumbError(
      'locked',
      `${host.name}: trial "${pending.name}" of ${pending.owner} is pending on the server`,
    );
  const name = trialName(change);
  await host.script('begin a candidate', scripts.begin, [name]);
  const paths = mode === 'replace' ? managed : wanted.map(({ path }) => path);
  const discard = () => host.script('remove the candidate', scripts.discard, [name]).catch(() => {});
  try {
    const parts = paths.map((path, number) => {
      const file = wanted.find((each) => each.path === path);
      const sum = file ? createHash('sha256').update(file.text).digest('hex') : '-';
      const text = file?.text ?? '';
      return `${number} ${file?.mode ?? '0644'} ${Buffer.byteLength(text)} ${sum} ${path}\n${text}`;
    });
    await host.script('upload the files', scripts.put, [name], { stdin: parts.join(''), timeoutMs: slowMs });
  } catch (error) {
    await discard();
    throw error;
  }
  const running = async () => printFiles(await readFiles(host));
  let committed = false;
  return {
    unstable: [],
    diff: async () => {
      const before = await readFiles(host);
      const kept = mode === 'merge' ? before.filter(({ path }) => !wanted.some((each) => each.path === path)) : [];
      return maskedDiff(printFiles(before), printFiles([...wanted, ...kept]), {
        before: 'running',
        after: 'candidate',
      });
    },
    commit: async ({ confirmSeconds, fence }) => {
      const { job, epoch, sha256 } = change;
      const busy = await host.script('save the files', scripts.save, [name, job, epoch, sha256, reload], {
        stdin: await running(),
      });
      if (busy.trim() === 'busy') throw await refusalOfBusy(host);
      try {
        fence();
      } catch (error) {
        await host.script('remove the saved copy', scripts.unsave, [name]).catch(() => {});
        throw error;
      }
      committed = true;
      const expiresAt = new Date(Date.now() + confirmSeconds * 1000);
      const output = await host.script('apply the files', scripts.apply, [name, confirmSeconds], { timeoutMs: slowMs });
      if (output.trim() === 'applied') return linuxTrial(host, { name, expiresAt });
      throw failedApply(host, reload, output);
    },
    [Symbol.asyncDispose]: async () => {
      if (!committed) await discard();
    },
  };
};
