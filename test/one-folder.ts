import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';

// Ctrl-C ends vitest and its workers before they can clean up. So an heir does it: it is in no terminal's process group
// and sees by the end of its input that vitest is gone. Whatever the tests start inherits TMPDIR or names a folder of
// theirs on its command line; a lab of FRR can be taken down once its owner is dead.
const heir = `
theirs() { { pgrep -f -- "$FOLDER"; grep -lsxz -- "TMPDIR=$FOLDER" /proc/[0-9]*/environ | cut -d/ -f3; } | sort -un; }
read -r over
round=0
while pids=$(theirs) && [ -n "$over" ] && [ -n "$pids" ] && [ $round -lt 150 ]; do round=$((round + 1)); sleep 0.1; done
left=$(for pid in $pids; do ps -o pid=,args= -p "$pid"; done; ls -A "$FOLDER")
round=0
while pids=$(theirs) && [ -n "$pids" ] && [ $round -lt 150 ]; do kill -KILL $pids; round=$((round + 1)); sleep 0.1; done
rm -rf "$FOLDER"
[ -z "$LAB" ] || "$NODE" -e 'import(process.env.LAB).then(({ labDown }) => labDown(false)).catch(() => {})'
printf %s "$left"
`;

/** Gives a run of tests one temporary folder. @returns takes it away, with whatever they left running */
export const setup = (): (() => Promise<void>) => {
  const parent = resolve(import.meta.dirname, '../..');
  // of a clone in the temporary folder itself only what lay there before is no business of the tests
  if (parent === tmpdir()) process.env.PLUMB_BESIDE = readdirSync(parent).join('/');
  const folder = mkdtempSync(join(tmpdir(), 'plumb-test-'));
  chmodSync(folder, 0o711); // daemons that give up root have folders in it
  const LAB = process.platform === 'linux' ? new URL('../dist/lab/frr/up.js', import.meta.url).href : '';
  const env = { ...process.env, FOLDER: folder, NODE: process.execPath, LAB };
  const child = spawn('sh', ['-c', heir], { env, stdio: ['pipe', 'pipe', 'ignore'], detached: true });
  process.env.TMPDIR = folder; // of every worker, and of what the tests start
  return async () => {
    const exited = once(child, 'exit');
    child.stdin.end('over\n');
    const left = await text(child.stdout);
    await exited;
    if (left === '') return;
    process.exitCode = 1; // vitest prints what a teardown throws, and ends with 0
    throw new Error(`the tests left behind:\n${left}`);
  };
};
