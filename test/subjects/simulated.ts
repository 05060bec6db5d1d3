import { X509Certificate } from 'node:crypto';
import { type Ports, startSim } from '../../lab/sim/sim.ts';
import { driverFor } from '../../runners/drivers/registry.ts';
import { simulatedPlatforms } from './platforms.ts';
import type { Subject } from './subject.ts';

const flash = /plumb-/;
const settled = /\.(?:applied|undone)$/;

/** A simulated device in this process, which outlives every runner. */
export const simulatedSubject = async (
  platform: keyof typeof simulatedPlatforms,
  transport: keyof Ports,
): Promise<Subject> => {
  const name = `${platform}-${transport}`;
  const { before, more, bad, line, probe, foreign } = simulatedPlatforms[platform];
  const driver = driverFor(platform);
  const mark = (number: number) => `try-${number}-`;
  const text = (number: number) => before(name, more(mark(number)));
  const sim = await startSim({ platform, config: text(0), ports: { [transport]: 0 } });
  const { device } = sim;
  const logins = () => [...device.logins].map(({ user, via, from }) => `login of ${user} by ${via} from ${from}`);
  return {
    name,
    title: `${platform} by ${transport} (simulated)`,
    driver,
    port: sim.ports[transport] ?? 0,
    entry: {
      host: '127.0.0.1',
      platform,
      transport,
      credentials: { username: 'admin', password: { literal: 'admin' } },
    },
    hostKey: () => (transport === 'ssh' || transport === 'netconf' ? sim.hostKey : undefined),
    ...(transport === 'eapi' ? { certificate: () => new X509Certificate(sim.tls.cert).fingerprint256 } : {}),
    text,
    mark,
    probe,
    bad: { text: before(name, `${more(mark(0))}${bad}`), line },
    running: async () => sim.running,
    startup: async () => (driver.capabilities.startup ? sim.startup : undefined),
    hasTrial: async () => sim.trial !== undefined,
    leftovers: async () => [
      ...(sim.trial ? [`trial ${sim.trial.name}`] : []),
      // a session of EOS that is completed is its history
      ...sim.sessions.filter((session) => !/ completed /.test(session)),
      ...[...device.files.keys()].filter((file) => flash.test(file) && !settled.test(file)),
      ...logins().slice(1), // one is the runner's warm session
    ],
    logins,
    expire: (secondsLeft) => {
      const { trial } = device;
      if (trial) device.clock.advance(trial.expiresAt - device.clock.now() - secondsLeft * 1000);
    },
    reboot: async () => sim.reboot(),
    foreign: async () => {
      await foreign(sim);
      return async () => {
        device.undo();
        sim.box.foreign('none', 'mallory');
        for (const login of device.logins) if (login.user === 'mallory') device.logins.delete(login);
      };
    },
    ...(transport === 'telnet'
      ? {}
      : {
          changeIdentity: async () => {
            if (transport === 'eapi') sim.changeCertificate();
            else sim.changeHostKey();
            device.disconnect();
          },
        }),
    [Symbol.asyncDispose]: () => sim[Symbol.asyncDispose](),
  };
};
