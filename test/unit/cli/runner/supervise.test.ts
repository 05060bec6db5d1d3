import { describe, expect, it } from 'vitest';
import { argvOf } from '../../../../cli/runner/supervise.ts';
import { supervisor } from '../../../../cli/runner/supervised.ts';
import { Suspects } from '../../../../cli/runner/suspects.ts';
import { patient, started, supervised } from '../../../supervised.ts';

describe('several runner processes', () => {
  it('know the one that looks after them from any other parent that can speak to its children', async () => {
    expect(process.connected).toBe(true); // with vitest
    expect(supervisor(() => {})).toBeUndefined();
    const all = supervised(
      () => `${started} console.error('mine: ' + (process.env.PLUMB_SUPERVISOR === String(process.ppid)));`,
    );
    await expect.poll(() => all.lines, patient).toEqual(['mine: true']);
    all.stop.abort();
    await all.ended;
  });

  it('have one log, line by line, and end with the one that looks after them', async () => {
    const all = supervised(
      (name) => `${started} console.error('I am ${name}'); process.on('SIGTERM', () => process.exit(0));`,
      {
        processes: 2,
      },
    );
    await expect.poll(() => [...all.lines].sort(), patient).toEqual(['I am r-1', 'I am r-2']);
    all.stop.abort();
    expect(await all.ended).toBe(0);
    expect(all.said).toHaveLength(1);
  });

  it('are begun anew where one ends, and what it was talking to is named', async () => {
    const all = supervised(
      () => `${started} console.error('up'); process.send({ kind: 'begins', device: 'leaf7' }, () => process.exit(3));`,
    );
    await expect.poll(() => all.lines.length, patient).toBeGreaterThan(1);
    expect(all.said[1]).toMatchObject({
      runner: 'r-1',
      devices: ['leaf7'],
      msg: 'runner r-1 ended (exit code 3) while it talked to leaf7; restarting in 1 s',
    });
    all.stop.abort();
    await all.ended;
  });

  it('are not begun again and again where they were called wrong', async () => {
    const all = supervised(() => `console.error('plumb: no such device'); process.exit(2);`, { processes: 2 });
    expect(await all.ended).toBe(2);
    expect(all.lines).toContain('plumb: no such device');
  });

  it('have the command line of the one that was called, each with a name of its own', () => {
    const argv = ['runner', '--processes', 'auto', '--name=x', '-l', 'role=leaf', '--processes=3', '--', '--name'];
    expect(argvOf(argv, 'x-1')).toEqual(['runner', '-l', 'role=leaf', '--name', 'x-1', '--', '--name']);
  });
});

describe('a device that was talked to when a process ended', () => {
  it('is suspected the second time, for as long as that is no coincidence', () => {
    const suspects = new Suspects(1_000);
    suspects.add(['leaf1', 'leaf2'], 0);
    expect(suspects.avoided(10)).toEqual([]);
    suspects.add(['leaf2', 'leaf3'], 500);
    expect(suspects.avoided(600)).toEqual(['leaf2']);
    expect(suspects.avoided(1_100)).toEqual([]);
  });
});
