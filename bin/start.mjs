// npm start: sets this machine up, then brings up a lab and everything that keeps it true to intended/.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runInPlace } from './child.mjs';
import { root, setUp } from './setup.mjs';

const asked = process.argv.slice(2);
const isRoot = process.getuid?.() === 0;
const quietly = (program, ...args) => spawnSync(program, args, { stdio: 'ignore' }).status === 0;

/** Why real routers cannot be had here; '' where they can. */
const noNamespaces = () => {
  if (process.platform !== 'linux') return 'they need Linux';
  if (!isRoot && !quietly('sudo', '-n', 'true')) return 'they need root';
  const probe = isRoot ? [] : ['sudo', '-n'];
  const [program, ...args] = [...probe, 'unshare', '--net', '--mount', 'true'];
  return quietly(program, ...args) ? '' : 'network namespaces are not permitted here';
};

const at = asked.findIndex((word) => word === '--lab' || word.startsWith('--lab='));
const named = at < 0 ? undefined : asked[at].startsWith('--lab=') ? asked[at].slice('--lab='.length) : asked[at + 1];
let lab = named ?? 'frr';
let why = lab === 'frr' ? noNamespaces() : '';
if (why && named) {
  process.stderr.write(`no real routers: ${why}\n  → \`npm start -- --lab eos\` brings up simulated switches\n`);
  process.exit(2);
}
let left = why || lab !== 'frr' ? '' : setUp('start');
if (left && !named && !existsSync('/usr/lib/frr/bgpd')) {
  process.stderr.write(left);
  why = 'FRR is not installed';
}
if (why) {
  process.stderr.write(`no real routers: ${why}; four simulated Arista EOS switches instead (--lab frr insists)\n`);
  lab = 'eos';
}
if (lab === 'eos') left = setUp('sim');
if (left) {
  process.stderr.write(left);
  process.exit(2);
}

const inFolder = asked.some((word) => /^(-C|--folder)/.test(word));
const folder = lab === 'eos' && !inFolder ? ['--folder', join('examples', 'eos')] : [];
const command = [process.execPath, join(root, 'dist', 'cli', 'main.js'), 'up', '--until-eof', ...folder];
if (!named) command.push('--lab', lab);
command.push(...asked);
const [program, ...args] = isRoot || lab === 'eos' ? command : ['sudo', '-n', '--preserve-env', ...command];
process.exitCode = await runInPlace(program, args, { cwd: root, lifeline: true });
