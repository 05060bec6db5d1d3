import { expect, it } from 'vitest';
import { bench } from '../../../lab/proof/bench.ts';
import { change } from '../../../lab/proof/target.ts';
import { netconf } from '../../../runners/drivers/netconf/platform.ts';

const config =
  'system {\n    host-name r1;\n    root-authentication {\n        encrypted-password "$6$abc$def";\n    }\n}\n';

it('a NETCONF device that offers confirmed-commit:1.0 alone, as Junos does, is refused by name and left as it was', async () => {
  // without `persist` a trial dies with its session, and only that one could confirm it
  await using device = await bench(netconf, 'netconf', { platform: 'junos', config });
  const session = await device.open();
  const running = device.sim.running;
  await expect(session.load('<config/>', 'replace', change())).rejects.toMatchObject({
    code: 'unsupported',
    message: 'r1: its NETCONF server does not offer :confirmed-commit:1.1',
  });
  expect(device.sim.running).toBe(running);
});
