import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PlumbError } from '../../../../core/errors.ts';
import { siteForTest } from '../site.ts';

const inventory = `site: dc1
lab: true
defaults: { platform: eos, credentials: { username: admin, password: { literal: admin } } }
devices: { leaf1: { role: leaf }, leaf2: { role: leaf }, leaf3: { role: leaf }, spine1: { role: spine } }
`;
const all = ['leaf1', 'leaf2', 'leaf3', 'spine1'];

let site: Awaited<ReturnType<typeof siteForTest>>;
let asked: unknown[] = [];
beforeAll(async () => {
  site = await siteForTest(inventory);
  for (const device of all) {
    const command = ({ payload, job }: { payload: Record<string, unknown>; job: string | undefined }) => {
      asked.push(payload);
      if (device === 'leaf3') throw new PlumbError('unreachable', 'leaf3: no route to host');
      return { output: device === 'spine1' ? 'EOS 4.31' : 'EOS 4.30', job };
    };
    await site.hold({ command }, [device]);
  }
});
afterAll(() => site[Symbol.asyncDispose]());

describe('plumb run on several devices', () => {
  it('prints what each answers, in the order of the inventory', async () => {
    expect(await site.run(['run', 'spine1', 'leaf1', '--', 'show', 'version'])).toMatchObject({
      code: 0,
      out: 'leaf1:\nEOS 4.30\nspine1:\nEOS 4.31\n',
    });
    expect(asked.at(-1)).toMatchObject({ command: 'show version' });
  });

  it('groups what they answer alike, tells each failure, and exits 1', async () => {
    const { code, out, err } = await site.run(['run', '--group', '-l', 'role=leaf', '--', 'show version']);
    expect(out).toBe('leaf1, leaf2:\nEOS 4.30\n');
    expect(err).toContain('plumb: leaf3: no route to host');
    expect(code).toBe(1);
  });

  it('lists answers and failures as data', async () => {
    const { out } = await site.run(['run', 'leaf*', '-o', 'json', '--', 'show', 'version']);
    expect(JSON.parse(out).items).toMatchObject([
      { device: 'leaf1', command: 'show version', output: 'EOS 4.30' },
      { device: 'leaf2', output: 'EOS 4.30' },
      { device: 'leaf3', error: { code: 'unreachable', detail: 'leaf3: no route to host' } },
    ]);
  });

  it.each([
    [['run', 'leaf1', 'show', 'version'], 'plumb run leaf1 -- show version'],
    [['run', 'leaf1', '--'], 'plumb run leaf1 -- show version'],
    [['run', '--', 'show', 'version'], "`plumb run '*'` is all"],
  ])('spells for %j what was meant, and asks no device', async (argv, hint) => {
    asked = [];
    const { code, err } = await site.run(argv);
    expect(err).toContain(hint);
    expect(code).toBe(2);
    expect(asked).toEqual([]);
  });
});
