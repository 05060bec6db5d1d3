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
});
