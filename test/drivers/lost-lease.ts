import { describe, expect, it } from 'vitest';
import { PlumbError } from '../../core/errors.ts';
import { bench } from '../../lab/proof/bench.ts';
import { change, fence } from '../../lab/proof/target.ts';
import type { Ports, SimOptions } from '../../lab/sim/sim.ts';
import type { Driver, Session } from '../../runners/driver.ts';
import { eos } from '../../runners/drivers/eos/platform.ts';
import { hp_comware } from '../../runners/drivers/hp_comware/platform.ts';
import { huawei_vrp } from '../../runners/drivers/huawei_vrp/platform.ts';
import { ios } from '../../runners/drivers/ios/platform.ts';
import { iosxr } from '../../runners/drivers/iosxr/platform.ts';
import { junos } from '../../runners/drivers/junos/platform.ts';
import { nxos } from '../../runners/drivers/nxos/platform.ts';
import { hurryUndo } from './events.ts';

type Case = {
  driver: Driver;
  platform: SimOptions['platform'];
  transport: keyof Ports;
  before: string;
  /** Replaces, or is merged. */
  after: string;
  merges?: true;
};

const ios16 = 'version 16.12\nhostname r1\narchive\n path bootflash:archive\n!\n';
const loopback = 'interface Loopback7\n ip address 10.0.0.7 255.255.255.255\n!\n';
const jun = (name: string) =>
  `system {\n    host-name ${name};\n    root-authentication {\n        encrypted-password "$6$abc$def";\n    }\n}\n`;
const vrp = '#\nsysname r1\n#\nssh user admin authentication-type password\n#\nreturn\n';
const switch1 = 'hostname r1\n!\ninterface Ethernet1\n!\nend\n';

const cases: Case[] = [
  {
    driver: eos,
    platform: 'eos',
    transport: 'ssh',
    before: switch1,
    after: switch1.replace('end', 'interface Loopback7\n!\nend'),
  },
  {
    driver: eos,
    platform: 'eos',
    transport: 'eapi',
    before: switch1,
    after: switch1.replace('end', 'interface Loopback7\n!\nend'),
  },
  {
    driver: junos,
    platform: 'junos',
    transport: 'ssh',
    before: jun('r1'),
    after: jun('r2'),
  },
  {
    driver: junos,
    platform: 'junos',
    transport: 'netconf',
    before: jun('r1'),
    after: jun('r2'),
  },
  { driver: iosxr, platform: 'iosxr', transport: 'ssh', before: 'hostname r1\nend\n', after: 'hostname r2\nend\n' },
  {
    driver: nxos,
    platform: 'nxos',
    transport: 'ssh',
    before: 'version 10.3(4a) Bios:version\nhostname r1\n\nline vty\n',
    after: 'version 10.3(4a) Bios:version\nhostname r2\n\nline vty\n',
  },
  { driver: ios, platform: 'ios', transport: 'ssh', before: `${ios16}end\n`, after: `${ios16}${loopback}end\n` },
  { driver: ios, platform: 'ios', transport: 'telnet', before: `${ios16}end\n`, after: loopback, merges: true },
  { driver: huawei_vrp, platform: 'huawei_vrp', transport: 'ssh', before: vrp, after: 'sysname r2\n', merges: true },
  {
    driver: hp_comware,
    platform: 'hp_comware',
    transport: 'ssh',
    before: vrp,
    after: 'sysname r2\n',
    merges: true,
  },
];

/** Reading changes nothing: the lease may as well be lost before it as after. */
const reads = /^\s*$|^enable$|^\s*(?:do |run )?(?:show|dir|more|display)\b|^get-/;

type Doing = 'commit' | 'confirm' | 'undo';

/** Does it, and loses the lease at the n-th command that is no reading. @returns what reached the device, before that and after */
const lostAt = async ({ driver, platform, transport, before, after, merges }: Case, doing: Doing, nth: number) => {
  await using at = await bench(driver, transport, { platform, config: before });
  hurryUndo(at.sim);
  const lost = new PlumbError('lease_lost', 'r1: the lease was lost');
  let isLost = false;
  at.target.fence = () => {
    if (isLost) throw lost;
  };
  const commands: string[] = [];
  const late: string[] = [];
  let counts = false;
  const { plan } = at.sim.device;
  const step = plan.step.bind(plan);
  plan.step = (command) => {
    if (isLost) late.push(command);
    else if (counts && !reads.test(command)) {
      commands.push(command);
      if (commands.length === nth) isLost = true;
    }
    return step(command);
  };
  const now = (what: Doing) => {
    if (what === doing) counts = true;
  };
  const work = async (session: Session) => {
    const candidate = await session.load(after, merges ? 'merge' : 'replace', change());
    await candidate.diff();
    now('commit');
    const trial = await candidate.commit({ confirmSeconds: 120, fence });
    now(doing === 'commit' ? 'commit' : doing);
    if (doing === 'confirm') await trial.confirm();
    if (doing === 'undo') await trial.undo();
    counts = false;
  };
  const ended = await at
    .open()
    .then(work)
    .then(
      () => 'done',
      (error: unknown) => (error instanceof PlumbError ? error.code : String(error)),
    );
  return { commands, late, ended };
};

/** What must hold on every platform of a holder that is paused, and wakes when the device is someone else's. */
export const lostLease = (what: Doing): void => {
  describe.concurrent.each(cases)('$platform over $transport, merges: $merges', (one) => {
    it(`hears nothing more of a holder that lost its lease in the midst of a ${what}`, async () => {
      const { commands } = await lostAt(one, what, 0);
      expect(commands.length).toBeGreaterThan(0);
      const tries = await Promise.all(commands.map((_, index) => lostAt(one, what, index + 1)));
      for (const [index, { late, ended }] of tries.entries()) expect(late, `${commands[index]}: ${ended}`).toEqual([]);
    });
  });
};
