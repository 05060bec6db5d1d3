import { randomBytes } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { Command } from 'commander';
import { explain, PlumbError } from '../../core/errors.ts';
import { fetchFile, placeFile, refuseLarge } from '../asking/file-transfer.ts';
import { startProgress } from '../asking/follow-job.ts';
import type { Context } from '../context.ts';
import { pickDevice } from '../inventory/devices.ts';
import { asData, type Format, outputOption } from '../output/output.ts';

type Flags = { output: Format; mode?: string };

const unusable = (path: string, doing: string) => (cause: Error) => {
  throw new PlumbError('invalid_request', `${path}: cannot be ${doing}: ${explain(cause)}`, { cause });
};

/** Where a fetched file goes. @throws PlumbError `invalid_request` rather than overwrite a file that nobody named */
const destination = (path: string, local: string | undefined): string => {
  if (local !== undefined) {
    const named = resolve(local);
    return statSync(named, { throwIfNoEntry: false })?.isDirectory() ? join(named, basename(path)) : named;
  }
  const here = resolve(basename(path));
  if (!existsSync(here)) return here;
  throw new PlumbError('invalid_request', `${here}: already exists`, { hint: 'name the local file to replace it' });
};

const tell = (context: Context, output: Format, record: Record<string, unknown>, line: string): void =>
  output === 'json' || output === 'yaml' ? context.out(asData(output, record)) : context.err(line);

const get = (context: Context): Command =>
  new Command('get')
    .summary('fetch a file')
    .description('Fetch a file from a device, byte for byte. Secrets in it are not masked.')
    .argument('<device>')
    .argument('<path>', 'on the device, absolute')
    .argument('[local]', 'a file to overwrite, or a folder; default: the same name in the current folder')
    .addOption(outputOption())
    .addHelpText(
      'after',
      '\nExample:\n  $ plumb file get host1 /etc/chrony/chrony.conf\n  $ plumb file get host1 /etc/hosts backup/',
    )
    .action(async (name: string, path: string, local: string | undefined, { output }: Flags) => {
      const { device } = await pickDevice(context, name);
      const to = destination(path, local);
      using progress = startProgress(context);
      const { content, ...file } = await fetchFile({ context, device, progress }, path);
      progress.clear();
      const fresh = `${to}.${randomBytes(4).toString('hex')}.part`;
      try {
        await writeFile(fresh, content, { flag: 'wx', mode: 0o600 });
        await rename(fresh, to);
      } catch (error) {
        await rm(fresh, { force: true });
        unusable(to, 'written')(error as Error);
      }
      const record = { device, local: to, size: content.length, ...file };
      tell(context, output, record, `${device}: ${path}: ${content.length} bytes, mode ${file.mode}, in ${to}\n`);
    });

const put = (context: Context): Command =>
  new Command('put')
    .summary('replace a file')
    .description(
      'Put a file on a device, replacing the old one if there is one. The old one stays until the new one is complete; its owner and mode are kept.',
    )
    .argument('<device>')
    .argument('<local>', 'the local file')
    .argument('<path>', 'on the device, absolute, including the file name')
    .option('--mode <octal>', 'mode; default: that of the old file, or 0644 for a new one')
    .addOption(outputOption())
    .addHelpText(
      'after',
      '\nExample:\n  $ plumb file put host1 motd /etc/motd\n  $ plumb file put host1 backup.sh /usr/local/bin/backup --mode 0755',
    )
    .action(async (name: string, local: string, path: string, { output, mode }: Flags) => {
      if (mode !== undefined && !/^[0-7]{3,4}$/.test(mode))
        throw new PlumbError('invalid_request', `--mode ${mode}: expected three or four octal digits, such as 0644`);
      const from = resolve(local);
      const found = await stat(from).catch(unusable(from, 'read'));
      if (!found.isFile()) throw new PlumbError('invalid_request', `${from}: not a regular file`);
      refuseLarge(from, found.size); // before all of it is read
      const content = await readFile(from).catch(unusable(from, 'read'));
      const { device } = await pickDevice(context, name);
      using progress = startProgress(context);
      const placed = await placeFile({ context, device, progress }, path, content, mode);
      progress.clear();
      const { size, mode: is, owner } = placed;
      tell(
        context,
        output,
        { device, local: from, ...placed },
        `${device}: ${path}: ${size} bytes, mode ${is}, ${owner}\n`,
      );
    });

/** `plumb file`: single files on a device. */
export const fileVerb = (context: Context): Command =>
  new Command('file')
    .description(
      'Fetch and replace single files, on platforms that can: linux. Verified by SHA-256 and recorded as a job.',
    )
    .addHelpText('after', '\nExample:\n  $ plumb file get host1 /etc/hosts\n  $ plumb file put host1 hosts /etc/hosts')
    .addCommand(get(context))
    .addCommand(put(context));
