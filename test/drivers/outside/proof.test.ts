import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { type DriverFile, type DriverProof, proveDriver } from '../../../lab/proof/prove.ts';
import { compileDriver } from '../../../runners/drivers/outside/typescript.ts';
import { shown, shownProof } from './acme.ts';

const folder = await mkdtemp(join(tmpdir(), 'plumb-proof-'));
afterAll(() => rm(folder, { recursive: true, force: true }));
const proof = await shownProof(folder);
const source = await shown('acme-os.ts');
let count = 0;

const driverOf = async (text: string): Promise<DriverFile> => {
  const path = join(folder, `acme-${++count}.ts`);
  await writeFile(path, text);
  const made = await compileDriver(path, join(folder, 'compiled'));
  return ((await import(pathToFileURL(made).href)) as { default: DriverFile }).default;
};

/** What fails of the proof, by title, with what was said. */
const failures = async (file: DriverFile, what: DriverProof = proof): Promise<Map<string, string>> => {
  const tests: { title: string; run: () => Promise<void> }[] = [];
  proveDriver(file, what, (title, run) => tests.push({ title, run }));
  const failed = new Map<string, string>();
  await Promise.all(tests.map(({ title, run }) => run().catch((error: Error) => failed.set(title, error.message))));
  return failed;
};

describe('the platform that docs/add-a-platform.md shows, on the device that it describes,', async () => {
  proveDriver(await driverOf(source), proof, it);
});

describe('over telnet it', async () => {
  const telnet = source.replace("transports: ['ssh']", "transports: ['telnet']");
  proveDriver(await driverOf(telnet), { ...proof, transport: 'telnet' }, it);
});

describe('a driver', () => {
  it.each([
    ['commits without asking the fence', 'fence(); //', '//', /the lease is lost/],
    [
      "takes everybody's trial for ours",
      'const ours = parseTrialName(name)',
      "const ours = { job: 'x', epoch: 1 }",
      /a foreign trial/,
    ],
    ['does not look for a trial before it loads', 'if (waiting) throw', 'if (false) throw', /a foreign trial/],
    [
      'confirms without looking',
      'if ((await look())?.[1] !== name)',
      'if (false)',
      /does not confirm what the timer has undone/,
    ],
    [
      'does not begin with an empty candidate',
      "if (mode === 'replace') await shell.send('clear');",
      '',
      /runs the new configuration/,
    ],
    ['types lines without hearing what is said to them', 'errors: [/^% [^\\n]*/m]', 'errors: []', /names the line/],
    [
      'leaves its candidate when a line is refused',
      'await leave();\n        throw error',
      'throw error',
      /names the line/,
    ],
  ])('that %s fails where that matters', async (_, was, is, which) => {
    expect(source).toContain(was);
    const failed = await failures(await driverOf(source.replace(was, is)));
    expect([...failed.keys()].join('\n')).toMatch(which);
  });

  it('that says what is not understood is refused by that name', async () => {
    const misspelt = source
      .replace("leave: 'abort',", "leave: 'abort', pager: [/More/],")
      .replace('setup:', 'set_up: [], setup:');
    const failed = await failures(await driverOf(misspelt));
    expect(failed.get('is complete, and says nothing that is not understood')).toMatch(
      /there is no "pager".*there is no "cli\.set_up".*"setup"/,
    );
    const capable = await failures(await driverOf(source.replace('comment: false', 'comments: false, comment: false')));
    expect([...capable.values()].join()).toContain('comments');
  });

  it('without a trial is told that it cannot be proven', async () => {
    const failed = await failures(await driverOf(source.replace("trial: 'native'", "trial: 'none'")));
    expect([...failed.values()].join()).toContain('a driver without a trial commits nothing');
  });
});

it('a description with a word that is not understood is refused by that word', () => {
  const answers = [{ line: 'x', does: 'tri' as 'try', to: 'confg' }];
  const device = { ...proof.device, answers, prompt: 'x' };
  expect(() =>
    proveDriver(
      () => Promise.reject(new Error('not asked')),
      { ...proof, device },
      () => {},
    ),
  ).toThrow(/there is no "prompt".*"prompts".*there is no "tri".*"try".*mode: there is no "confg".*"config"/);
});
