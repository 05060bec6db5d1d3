import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

describe("a fault of Plumbline's own", () => {
  it('that nobody waits for ends the work of its device and not the process', () => {
    const lastLine = fileURLToPath(new URL('../../dist/runners/loop/last-line.js', import.meta.url));
    const script = `
      import { forDevice } from ${JSON.stringify(lastLine)};
      const failed = (name) => (error) => console.log(name, error.message);
      forDevice(failed('leaf1'), () => setTimeout(() => { throw new Error('in a timer'); }, 1));
      forDevice(failed('leaf2'), () => void Promise.reject(new Error('in a promise')));
      setTimeout(() => console.log('alive'), 50);
      setTimeout(() => { throw new Error('of nobody'); }, 100);
      setTimeout(() => console.log('not reached'), 500);`;
    const { stdout, status } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
    expect(stdout.trim().split('\n').sort()).toEqual(['alive', 'leaf1 in a timer', 'leaf2 in a promise']);
    expect(status).toBe(1);
  });

  const inProcess = (modules: readonly string[], script: string) => {
    const imports = modules.map(
      (each) => `await import(${JSON.stringify(new URL(`../../dist/${each}`, import.meta.url).href)})`,
    );
    const whole = `const [{ jsonLines }, lastLine] = [${imports.join(', ')}];\n${script}`;
    return spawnSync(process.execPath, ['--input-type=module', '-e', whole], { encoding: 'utf8' });
  };

  it.each([
    [
      'of a runner',
      'lastLine.forDevice(() => console.log("of a device"), () => setTimeout(() => { throw new Error("x"); }, 1));',
    ],
    ['of another service', ''],
  ])(
    'that ends the process is told as a line of JSON where stderr has those, with its secrets masked: %s',
    (_, held) => {
      const { stdout, stderr, status } = inProcess(
        ['cli/output/json-lines.js', 'runners/loop/last-line.js'],
        `jsonLines((line) => process.stderr.write(line)); ${held}
       setTimeout(() => { throw new Error('bad line: username ann secret 0 hunter2'); }, 50);`,
      );
      expect(status).toBe(1);
      expect(stdout).toBe(''); // what is printed on the console is no answer
      const lines = stderr
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { level: number; stack?: string; msg: string });
      expect(lines).toMatchObject([
        { level: 60, msg: expect.stringContaining('bad line'), stack: expect.stringContaining('Timeout') },
      ]);
      expect(stderr).not.toContain('hunter2');
    },
  );

  it('in a library that prints on the console never stands between the answers of a verb', () => {
    const bin = fileURLToPath(new URL('../../bin/plumb.mjs', import.meta.url));
    const prints = 'data:text/javascript,process.on("exit", () => console.log("reader closed"))';
    const { stdout, stderr } = spawnSync(process.execPath, ['--import', prints, bin, 'platforms', '-o', 'json'], {
      encoding: 'utf8',
    });
    expect(stdout).toMatch(/^\{/);
    expect(stdout).not.toContain('reader closed');
    expect(stderr).toContain('reader closed');
  });
});
