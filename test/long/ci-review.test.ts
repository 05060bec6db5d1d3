import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { natsForTest } from '../nats.ts';
import { holderOf } from '../unit/cli/holder.ts';

const sh = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const inventory = `site: dc1
lab: true
defaults: { platform: frr, credentials: { username: admin, password: { literal: admin } } }
devices: { leaf1: { host: 127.0.0.1 } }
`;

let folder: string;
let nats: Awaited<ReturnType<typeof natsForTest>>;
let holder: AsyncDisposable;
const at = (name: string) => join(folder, name);
const git = (cwd: string, ...args: string[]) =>
  sh('git', ['-c', 'user.name=ann', '-c', 'user.email=ann@example.net', '-C', cwd, ...args]);

const branch = async (name: string, line: string) => {
  await git(at('work'), 'switch', '-qc', name, 'main');
  await writeFile(join(at('work'), 'intended/configs/leaf1.cfg'), `hostname leaf1\n${line}\n`);
  await git(at('work'), 'commit', '-qam', name);
  await git(at('work'), 'push', '-q', 'origin', name);
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumb-ci-review-'));
  nats = await natsForTest();
  holder = await holderOf(nats.store, ['leaf1'], {
    diff: ({ payload, job }) => ({
      diff: String(payload.config)
        .replace(/^hostname.*\n/, '')
        .replace(/^/gm, '+')
        .slice(0, -1),
      job,
    }),
  });
  await sh('git', ['init', '-q', '--bare', '-b', 'main', at('origin')]);
  await sh('git', ['clone', '-q', at('origin'), at('work')]);
  await git(at('work'), 'switch', '-qc', 'main');
  await mkdir(join(at('work'), 'intended/configs'), { recursive: true });
  await writeFile(join(at('work'), 'inventory.yml'), inventory);
  await writeFile(join(at('work'), 'intended/configs/leaf1.cfg'), 'hostname leaf1\n');
  await git(at('work'), 'add', '.');
  await git(at('work'), 'commit', '-qm', 'first');
  await git(at('work'), 'push', '-q', 'origin', 'main');
  await branch('harmless', 'ntp server 10.0.0.1');
  await branch('risky', 'username ops privilege 15\nroute-map OUT permit 10');
  await mkdir(at('bin'));
  await writeFile(at('bin/plumb'), `#!/bin/sh\nexec '${process.execPath}' '${root}dist/cli/main.js' "$@"\n`);
  await writeFile(at('bin/npm'), '#!/bin/sh\nexit 0\n'); // the package is there already
  for (const name of ['plumb', 'npm']) await chmod(at(`bin/${name}`), 0o755);
});
afterAll(async () => {
  await holder[Symbol.asyncDispose]();
  await nats[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** Runs lines of a job as the forge's runner does, in a clone of a branch. */
const job = async (name: string, lines: string, env: Record<string, string>) => {
  const clone = at(`${name}-${Math.random()}`);
  await sh('git', ['clone', '-q', '-b', name, at('origin'), clone]);
  await mkdir(join(clone, 'ci'));
  await writeFile(join(clone, 'ci/comment.mjs'), "process.stdout.write('posted ');process.stdin.pipe(process.stdout)");
  const options = {
    cwd: clone,
    env: { PATH: `${at('bin')}:${process.env.PATH}`, HOME: folder, NATS_URL: nats.url, PLUMBLINE: 'x', ...env },
  };
  const ended = await sh('bash', ['-eo', 'pipefail', '-c', lines], options).then(
    ({ stdout }) => ({ code: 0, stdout }),
    ({ code, stdout }: { code: number; stdout: string }) => ({ code, stdout }),
  );
  return { ...ended, review: await readFile(join(clone, 'review.md'), 'utf8').catch(() => '') };
};

describe.each([
  [
    'GitHub',
    async () => {
      const workflow = parse(await readFile(join(root, 'examples/ci/github.yml'), 'utf8'));
      return workflow.jobs.diff.steps.find((step: { name?: string }) => step.name === 'diff').run as string;
    },
    { GITHUB_BASE_REF: 'main' },
    '',
  ],
  [
    'GitLab',
    async () => parse(await readFile(join(root, 'examples/ci/gitlab.yml'), 'utf8')).review.script.join('\n') as string,
    { CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main' },
    'posted ',
  ],
])('the example for %s', (_, lines, env, posted) => {
  it('is green for a harmless change, and shows it', async () => {
    const { code, stdout, review } = await job('harmless', await lines(), env);
    expect(review).toContain('### 1 device would change');
    expect(review).toContain('```diff\n+ntp server 10.0.0.1\n```');
    expect({ code, shown: stdout.startsWith(posted) }).toEqual({ code: 0, shown: true });
  });

  it('is red where the base is not known: nothing was compared', async () => {
    const gone = Object.fromEntries(Object.keys(env).map((name) => [name, 'gone']));
    const { code, review } = await job('harmless', await lines(), gone);
    expect(code).not.toBe(0);
    expect(review).toBe('');
  });

  it('is red for one above the risk that it allows, and shows it all the same', async () => {
    const { code, stdout, review } = await job('risky', await lines(), env);
    expect(review).toContain('| leaf1 | +2 -0 | 70: access to the device, routing policy |');
    expect(code).not.toBe(0);
    expect(stdout.startsWith(posted)).toBe(true);
  });
});
