import { describe, expect, it } from 'vitest';
import { patient, started, supervised } from '../supervised.ts';

describe('several runner processes', () => {
  it('are ended where one stands still, alone, and a device on which two come to grief is left alone', async () => {
    const loops = `process.send({ kind: 'begins', device: 'leaf7' }, () => { for (;;); });`;
    const all = supervised(
      (name) =>
        `${started} console.error('${name} up'); process.on('message', ({ avoid }) => console.error('${name} avoids ' + avoid));` +
        (name === 'r-1' ? loops : ''),
      { processes: 2, stillMs: 2_000 },
    );
    await expect.poll(() => all.lines.filter((line) => line === 'r-2 avoids leaf7').length, patient).toBeGreaterThan(0);
    expect(all.said.filter(({ runner }) => runner === 'r-2')).toEqual([]);
    expect(all.said.find(({ runner }) => runner === 'r-1')?.msg).toBe(
      'runner r-1 stopped responding and was killed while it talked to leaf7; restarting in 1 s',
    );
    expect(all.said.find(({ device }) => device === 'leaf7')?.msg).toContain('no process of r holds it for 10 min');
    all.stop.abort();
    await all.ended;
  });
});
