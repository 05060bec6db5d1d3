import { expect, it, vi } from 'vitest';
import { upForTest } from '../plumb-up.ts';

const { start, startOnTerminal, edit } = upForTest('examples/eos', ['inventory.yml', 'intended']);

it('plumb bgp --watch shows on a terminal and in a pipe that a session was shut down, and ends on Ctrl-C', async () => {
  const up = start('up', '--lab', 'eos');
  await up.says(/watching intended\/; Ctrl-C/);
  const screen = startOnTerminal('bgp', '--watch');
  const piped = start('bgp', '--watch', '-o', 'json');
  await screen.says(/spine1 +global +10\.1\.3\.1 /);
  await piped.says(/"10\.1\.3\.1"/);
  await edit('leaf1', / {3}neighbor 10\.1\.1\.0 description.*/, '$&\n   neighbor 10.1.1.0 shutdown');
  await screen.says(/leaf1 +global +10\.1\.1\.0 .*Idle \(Admin\) \(shut down\)/);
  const draws = () => screen.printed().split('\u001b[H').length;
  const before = draws();
  await vi.waitFor(() => expect(draws()).toBeGreaterThan(before + 1), { timeout: 60_000 }); // ages count on by themselves
  screen.child.stdin.write('\u0003');
  const { code: screened, out: drawn } = await screen.ended;
  expect(screened, `ended with ${screened}:\n${drawn.slice(-2_000)}`).toBe(0);
  expect(drawn.split('\u001b[?1049l').at(-1)).toMatch(/^DEVICE .*\r\n(?:leaf|spine)1 .*Idle/);
  await piped.says(/"device":"leaf1".*"is_enabled":false/);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) piped.child.kill(signal); // as where npx passes on what it was sent
  const { code: ended, out: lines, err: wrong } = await piped.ended;
  expect({ ended, wrong }).toEqual({ ended: 0, wrong: '' });
  const sessions = lines
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { device: string; peer: string; is_enabled: boolean });
  const shut = sessions.filter(({ device, is_enabled }) => device === 'leaf1' && !is_enabled);
  expect([...new Set(shut.map(({ peer }) => peer))]).toEqual(['10.1.1.0']);
});
