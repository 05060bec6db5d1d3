// Text that would steer a terminal, and the command lines that are given it.

/** Sets a title, clears the screen, colours, answers for the terminal, ends a line early, turns the writing around. */
export const evil = 'evil\u001b]0;title\u0007\u001b[2J\u001b[31m\u001bP\u009b5n\u0085\u202e\u2066\b\u007f\u0000end';
export const hostile = /[^\P{Cc}\t\n]|\p{Bidi_Control}/u;
/** As much of it as an argument or the name of a file can have. */
const name = (text: string): string => text.replaceAll('\u0000', '').replaceAll('/', '');
const quoted = (text: string): string => JSON.stringify(text);
const inventory = (device: string): string => `site: dc1
lab: true
defaults: { platform: frr, credentials: { username: admin, password: { literal: admin } } }
devices:
  leaf1: { ${device} }
`;

type Files = Readonly<Record<string, string>>;

/** Each with where its hostile text is seen; '' where the verb gets none. */
export const verbs: readonly [argv: readonly string[], shown: 'out' | 'err' | 'both' | '', files?: Files][] = [
  [['status'], 'out'],
  [['status', '-o', 'wide'], 'out'],
  [['status', 'leaf1'], 'out'],
  [['diff', 'leaf1'], 'out'],
  [['bgp', 'leaf1', '-o', 'wide'], 'out'],
  [['bgp', 'leaf1', '--detail'], ''],
  [['facts', 'leaf1', '-o', 'wide'], 'out'],
  [['interfaces', 'leaf1'], 'out'],
  [['run', 'leaf1', '--', 'show', evil], 'out'],
  [['run', 'leaf1', '--query', '@', '--', 'show x'], ''],
  [['config', evil], 'err'],
  [['hold', evil, '--reason', 'x'], 'err'],
  [['test', evil], 'err'],
  [['schema', evil], 'err'],
  [['jobs'], 'out'],
  [['jobs', '-o', 'wide'], 'out'],
  [['job', 'JOB'], 'out'],
  [['history'], ''],
  [['logs', evil], 'err'],
  [['logs', '--runner', evil, '--no-follow'], ''],
  [['rollback', 'leaf1', 'JOB', '--yes'], ''],
  [['resume', 'leaf1'], 'err'],
  [['retry', 'leaf1'], ''],
  [['push', 'leaf1', '--dry-run'], 'out'],
  [['parse', '--template', 'any.textfsm', 'captured.txt'], 'out'],
  [['parse', '--platform', 'ios', evil], 'err'],
  [['validate', evil], 'err'],
  [['render', evil], 'err'],
  [['file', 'get', 'leaf1', `/${evil}`], ''],
  [['file', 'put', 'leaf1', evil, '/x'], 'err'],
  [['approve', evil], 'err'],
  [['cancel', evil], 'err'],
  [['trust', evil], 'err'],
  [['adopt', evil], 'err'],
  [['doctor', evil], 'err'],
  [['init', `sub/${evil.replace('\u0000', '')}`], ''],
  [['platforms', evil], ''],
  [['audit'], ''],
  [['audit', 'export'], ''],
  [['audit', 'verify', '--anchor', evil], 'err'],
  [['key', 'list'], ''],
  [['key', 'create', evil, '--role', 'viewer'], 'err'],
  [['key', 'create', 'ci', '--role', evil], 'err'],
  [['key', 'revoke', evil], 'err'],
  [['user', 'list'], ''],
  [['user', 'set', evil, '--role', 'viewer'], 'err'],
  [['user', 'set', 'ann', '--role', 'viewer', '--email', evil], 'err'],
  [['user', 'rm', evil], 'err'],
  [['webhook', 'list'], ''],
  [['webhook', 'dead'], ''],
  [['webhook', 'resend', evil], 'err'],
  [['context', 'list'], ''],
  [['context', 'use', evil], 'err'],
  [['context', 'show', evil], 'err'],
  [['context', 'set', evil], 'err'],
  [['context', 'rm', evil], 'err'],
  [['completion', 'fish', '--', 'status', ''], ''],
  [[evil], 'err'],
  [['status', `--${evil}`], 'err'],
  [['-C', evil, 'status'], 'err'],
  [['watch', '--branch', evil], ''],
  [['runner', evil], 'err'],
  [['runner'], 'err', { 'inventory.yml': inventory('host: a').replace('leaf1', quoted(evil)) }],
  [['api', '--listen', evil], 'err'],
  [['api', '--api-port', evil], 'err'],
  [['up', '--lab', evil], 'err'],
  [['lab', 'up', '--number', evil], ''],
  [['lab', 'down', evil], ''],
  [['sim', '--platform', 'eos', '--config', evil], 'err'],
  [['sim', '--platform', 'eos', '--config', 'sim.cfg'], 'err', { 'sim.cfg': `${evil}\n` }],
  [['hook', 'install', '-C', name(evil)], 'err'],
  [['hook', 'remove'], ''],
  [['status'], '', { 'inventory.yml': `site: dc1\ndevices: [${quoted(evil)}\n  }: ${name(evil)}` }],
  [['status'], '', { 'plumbline.yml': `nats: {${quoted(evil)}: ${quoted(evil)}\n` }],
  [['render'], '', { 'inventory.yml': inventory('host: a, role: leaf'), 'templates/leaf/main.j2': `{% ${evil} %}\n` }],
  [
    ['render'],
    'err',
    { 'inventory.yml': inventory('host: a, role: leaf'), 'templates/leaf/main.j2': `{% include ${quoted(evil)} %}` },
  ],
];

/** What goes on until it is told to stop: each with files of the repository that it finds, ended when `shown` was printed. */
export const parts: readonly { argv: readonly string[]; shown: string; files?: Files }[] = [
  { argv: ['watch', '--source', 'git'], shown: 'evil', files: { 'intended/configs/leaf1.cfg': `hostname ${evil}\n` } },
  { argv: ['watch', '--source', 'files'], shown: 'evil', files: { [`intended/configs/${name(evil)}.cfg`]: 'x\n' } },
  { argv: ['runner', 'leaf1'], shown: 'leaf1', files: { 'inventory.yml': inventory(`host: ${quoted(evil)}`) } },
  { argv: ['api', '--api-port', '0'], shown: 'listening' },
  {
    argv: ['up', '--once', '--timeout', '1'],
    shown: 'leaf1',
    files: { 'inventory.yml': inventory(`host: ${quoted(evil)}`) },
  },
  { argv: ['hook', 'install'], shown: 'installed' },
  {
    argv: ['sim', '--platform', 'eos', '--config', 'sim.cfg'],
    shown: 'evil',
    files: { 'sim.cfg': `hostname r1\n${evil}\n` },
  },
];
