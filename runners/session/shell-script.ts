import { randomBytes } from 'node:crypto';
import { PlumbError } from '../../core/errors.ts';
import { redact } from '../../core/redact/redact.ts';

/** A word of a POSIX shell's command. */
export const quote = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;

/** What sudo and a kernel say to a user without the rights. */
export const denied = /permission denied|password is required|not allowed to execute|must be run/i;

/** Whether a script has a reason for not having begun that is told by itself: no rights, or a signal. */
export const neverCame = ({ code, stderr }: { code: number | null; stderr: string }): boolean =>
  code === null || (code !== 0 && denied.test(stderr));

/** A command line for a login shell of any family, and what the script of it printed. */
export type ShellScript = {
  command: string;
  /** The line that the script begins with. */
  mark: string;
  /** @throws PlumbError `unauthorized` where the shell never came to it */
  output(stdout: string, device: string, stderr?: string): string;
};

/** Begins what is ours: a shell may print before it, such as a greeting in .bashrc. */
const newMark = (): string => `plumbline:${randomBytes(9).toString('hex')}`;

const behind =
  (mark: string) =>
  (stdout: string, device: string, stderr = '') => {
    const at = stdout.indexOf(`${mark}\n`);
    if (at >= 0) return stdout.slice(at + mark.length + 1);
    const said = redact((stderr.trim() || stdout.trim()).split('\n').slice(-2).join(' '));
    if (/too many logins/i.test(said)) {
      throw new PlumbError('unreachable', `${device}: it takes no more logins of this user: ${said}`, {
        hint: 'its `maxlogins` (pam_limits) is too small, or others are logged in as this user: Plumbline tries again',
      });
    }
    throw new PlumbError(
      'unauthorized',
      `${device}: its login shell did not run our script${said ? `: ${said}` : ''}`,
      {
        hint: /password/i.test(said)
          ? 'log in by hand and answer what it asks'
          : 'the user needs a shell that runs `sh` and `base64`, without a `ForceCommand` or a `nologin` in its place',
      },
    );
  };

/**
 * A script in POSIX sh with `$1` …; it reads the command's stdin. It travels in letters that bash, dash, zsh, fish and
 * csh take alike: their quoting differs, and csh takes no line end in a quoted word.
 *
 * @param before `sudo -n` and its like
 */
export const shellScript = (script: string, args: readonly (string | number)[] = [], before = ''): ShellScript => {
  const mark = newMark();
  const whole = `set -- ${args.map(String).map(quote).join(' ')}\necho ${mark}\n${script}`;
  const letters = Buffer.from(whole).toString('base64');
  return { command: `${before}sh -c 'eval "$(echo ${letters} | base64 -d)"' plumbline`, mark, output: behind(mark) };
};

/** A command of the operator's, in the login shell itself. @returns also the shell's process, from what it has printed */
export const shellCommand = (command: string): ShellScript & { pid(stdout: string): number | undefined } => {
  const mark = newMark();
  const told = new RegExp(`^${mark} (\\d+)$`, 'm');
  return {
    command: `sh -c 'echo ${mark} $PPID; echo ${mark}'; ${command}`, // `$$` is not every shell's
    mark,
    output: behind(mark),
    pid: (stdout) => {
      const pid = Number(told.exec(stdout)?.[1]);
      return pid > 1 ? pid : undefined;
    },
  };
};
