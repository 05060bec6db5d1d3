// A program in our place: same terminal, same exit code, and it is given the time to clean up.
import { spawn } from 'node:child_process';

const told = ['SIGINT', 'SIGTERM', 'SIGHUP'];
/** A terminal tells the program itself at the same time: it shall hear that first. */
const afterTerminalMs = 300;
const lookMs = 300;

/** Tells when npm is gone, which ends at SIGHUP without a word to us; whoever else started us may go. */
const onceNpmIsGone = (act) => {
  if (!process.env.npm_lifecycle_event) return undefined;
  const npm = process.ppid; // the script begins with `exec`: no shell is between us
  return setInterval(() => process.ppid !== npm && act(), lookMs);
};

/**
 * @param options.lifeline the program ends when its input does: a signal to us or to npm alone reaches it that way, also
 * through sudo, whose process we may not signal, and where we are killed
 * @returns its exit code, as a shell would say it
 */
export const runInPlace = (program, args, { lifeline = false, ...options }) =>
  new Promise((resolve, reject) => {
    const stdio = [lifeline ? 'pipe' : 'inherit', 'inherit', 'inherit'];
    const child = spawn(program, args, { stdio, ...options });
    child.stdin?.on('error', () => {}); // it has ended
    const cut = () => child.stdin?.end();
    for (const signal of told) {
      process.on(signal, () => {
        if (lifeline) setTimeout(cut, afterTerminalMs);
        else if (signal !== 'SIGINT') child.kill(signal); // Ctrl-C reaches it by the terminal itself
      });
    }
    const watch = lifeline ? onceNpmIsGone(cut) : undefined;
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      clearInterval(watch);
      resolve(code ?? (signal === 'SIGINT' ? 130 : 143));
    });
  });
