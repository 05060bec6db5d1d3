import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A user that only one sshd knows. */
export type Account = {
  name: string;
  /** `secret`: `geheim`; `none`: an empty password; `locked`: no password lets in. */
  password: 'secret' | 'none' | 'locked';
  /** Its password is over: it must be changed at the next login. */
  expired?: boolean;
  shell?: string;
};

/** The password of accounts that have one, and what a shadow file holds of it. */
export const accountPassword = 'geheim';
const hash = '$6$plumbline$saWcQMYyIw8T.ZS6VwNa5CPBOv/4HiIaR2A/uliiTV8AKfVw3IHJIBrTES6mhNIM4Fn0QOVr2w51t.MZjpmHA0';

const shadows = { secret: hash, none: '', locked: '!' };
const files = ['passwd', 'shadow', 'group'] as const;

/** Runs `"$@"` with files of accounts and of PAM of its own: its first argument is their folder. */
const inPlace = [
  ...files.map((file) => `mount --bind "$0/${file}" /etc/${file}`),
  'if [ -e "$0/pam" ]; then mount --bind "$0/pam" /etc/pam.d/sshd; fi',
  'exec "$@"',
].join(' && ');

/**
 * Adds users to this machine's for one process and what it starts; the machine's own files stay as they are.
 *
 * @param pam the lines of /etc/pam.d/sshd; the machine's own where it is left out
 * @returns what goes before the command line of that process
 */
export const withAccounts = (folder: string, accounts: readonly Account[], pam?: string): string[] => {
  const own = join(folder, 'accounts');
  mkdirSync(own);
  const lines = accounts.map(({ name, password, expired, shell = '/bin/sh' }, index) => {
    const home = join(own, name);
    mkdirSync(home);
    const id = 60_000 + index;
    return {
      passwd: `${name}:x:${id}:${id}::${home}:${shell}`,
      shadow: `${name}:${shadows[password]}:${expired ? 0 : 20_000}:0:99999:7:::`,
      group: `${name}:x:${id}:`,
    };
  });
  for (const file of files) {
    const text = `${readFileSync(`/etc/${file}`, 'utf8').trimEnd()}\n${lines.map((line) => line[file]).join('\n')}\n`;
    writeFileSync(join(own, file), text, { mode: file === 'shadow' ? 0o600 : 0o644 });
  }
  if (pam !== undefined) writeFileSync(join(own, 'pam'), pam);
  for (const path of [folder, own]) chmodSync(path, 0o755); // who logs in must reach its home
  return ['unshare', '--mount', 'sh', '-c', inPlace, own];
};
