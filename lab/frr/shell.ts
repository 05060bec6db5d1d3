import { spawn } from 'node:child_process';

/** What a command on this machine printed and how it ended. */
type Ran = { code: number; output: string };

/** Runs a script of ours with `sh`; the script comes by stdin, values by `args` as $1, $2 … */
export const sh = (script: string, args: readonly string[] = []): Promise<Ran> =>
  new Promise((resolve, reject) => {
    const child = spawn('sh', ['-s', '--', ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output = (output + text).slice(-64_000);
      });
    }
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 1, output }));
    child.stdin.on('error', () => {}); // the script may end before it has read all of itself
    child.stdin.end(script);
  });
