// A program in our place: same terminal, same exit code, and it is given the time to clean up.
import { spawn } from 'node:child_process';

/** @returns its exit code, as a shell would say it */
export const runInPlace = (program, args, options) =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'inherit', ...options });
    // Ctrl-C reaches the child by the terminal itself; the other signals come to us alone
    process.on('SIGINT', () => {});
    for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 143)));
  });
