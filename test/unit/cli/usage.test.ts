import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { type Command, Help } from 'commander';
import { describe, expect, it } from 'vitest';
import { makeContext } from '../../../cli/make-context.ts';
import { everyVerb, makeProgram } from '../../../cli/program.ts';
import { shapes } from '../../../cli/shapes/shapes.ts';
import { verbs } from '../../../cli/verbs.ts';
import { plumb, repository } from './terminal.ts';

describe('wrong use', () => {
  it('names what is missing and where the help is', async () => {
    await using repo = await repository();
    const missing = await plumb(repo.folder, ['file', 'get', 'leaf1']);
    expect(missing.code).toBe(2);
    expect(missing.err).toContain("plumb: missing required argument 'path'\n");
    expect(missing.err).toContain('→ `plumb file get --help` shows how');
  });

  it('still suggests the option that was meant', async () => {
    await using repo = await repository();
    expect((await plumb(repo.folder, ['bgp', '--detial'])).err).toContain('Did you mean --detail?');
  });

  it('is a name that every object of JavaScript has, as any other that is unknown', async () => {
    await using repo = await repository();
    for (const name of ['__proto__', 'constructor']) {
      const { code, out, err } = await plumb(repo.folder, ['schema', name]);
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(err).toContain(`${name}: no such verb, or none with -o json`);
      const sim = await plumb(repo.folder, ['sim', '--platform', 'eos', '--fault', name]);
      expect(sim).toMatchObject({ code: 2, err: expect.stringContaining('is invalid. Expected one of ') });
    }
  });

  it('suggests the device that was meant, before anything is asked', async () => {
    await using repo = await repository();
    const { code, err } = await plumb(repo.folder, ['doctor', 'leaf11']);
    expect(code).toBe(2);
    expect(err).toContain('did you mean "leaf1"?');
  });

  it('starts no device with a service that its platform does not have', async () => {
    await using repo = await repository();
    await writeFile(join(repo.folder, 'r1.cfg'), 'version 16.12\nhostname r1\nend\n');
    const config = join(repo.folder, 'r1.cfg');
    for (const service of ['--eapi', '--netconf']) {
      const { code, out, err } = await plumb(repo.folder, [
        'sim',
        '--platform',
        'ios',
        '--config',
        config,
        service,
        '0',
      ]);
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(err).toContain('plumb: a simulated ios does not speak');
    }
  });
});

describe('one stop signal', () => {
  it('is listened to by as many connections as there are devices, without a warning', async () => {
    const stop = new AbortController();
    await using repo = await repository();
    await plumb(repo.folder, ['render', '--check'], { signal: stop.signal });
    const warned: Error[] = [];
    const onWarning = (warning: Error) => warned.push(warning);
    process.on('warning', onWarning);
    try {
      for (let at = 0; at < 50; at++) stop.signal.addEventListener('abort', () => {});
      await setImmediate(); // a warning comes on the next tick
    } finally {
      process.off('warning', onWarning);
    }
    expect(warned).toEqual([]);
  });
});

describe('the list of plumb --help', () => {
  it('says the same of each verb as its own file', async () => {
    const terminal = { write: () => true };
    const signal = new AbortController().signal;
    const stdin = new PassThrough();
    await using context = makeContext({ env: {}, cwd: '/', signal, stdin, stdout: terminal, stderr: terminal });
    const usages = Object.values(verbs).flat();
    const own = new Help();
    for (const verb of (await makeProgram(context, everyVerb)).commands) {
      const { name, usage } = usages.find((each) => each.name === verb.name()) ?? { name: '', usage: '' };
      expect(`${name} ${usage}`.trim()).toBe(own.subcommandTerm(verb));
    }
  });

  it('has a JSON Schema for every verb that prints JSON, and no other', async () => {
    const terminal = { write: () => true };
    const signal = new AbortController().signal;
    const stdin = new PassThrough();
    await using context = makeContext({ env: {}, cwd: '/', signal, stdin, stdout: terminal, stderr: terminal });
    const printing = (verb: Command, words: string): string[] => [
      ...(verb.options.some((option) => option.attributeName() === 'output') ? [words] : []),
      ...verb.commands.flatMap((inner) => printing(inner, `${words} ${inner.name()}`)),
    ];
    const found = (await makeProgram(context, everyVerb)).commands.flatMap((verb) => printing(verb, verb.name()));
    const described = new Set(Object.keys(shapes).map((verb) => verb.replace(/ --.*/, '')));
    expect(found.filter((verb) => verb !== 'parse').sort()).toEqual([...described].sort()); // parse has what NAPALM has
  });

  it('is what plumb help prints, and plumb help VERB is its own', async () => {
    await using repo = await repository();
    expect((await plumb(repo.folder, ['help'])).out).toBe((await plumb(repo.folder, ['--help'])).out);
    const { code, out } = await plumb(repo.folder, ['help', 'lab', 'up']);
    expect({ code, usage: out.split('\n')[0] }).toEqual({ code: 0, usage: 'Usage: plumb lab up [options]' });
    expect((await plumb(repo.folder, ['help', 'stauts'])).err).toContain('Did you mean status?');
  });
});
