import type { Sim } from '../../lab/sim/sim.ts';

/** Resolves with the first command that matches, as soon as the device has begun with it. */
export const whenAsked = ({ device: { plan } }: Sim, match: RegExp): Promise<string> =>
  new Promise((resolve) => {
    const step = plan.step.bind(plan);
    plan.step = (command) => {
      if (match.test(command)) {
        plan.step = step;
        resolve(command);
      }
      return step(command);
    };
  });

/** Does something when somebody logs in while a trial waits: that is how a deployment begins to check. */
export const atCheck = ({ device }: Sim, act: () => void): void => {
  const login = device.login.bind(device);
  device.login = (...who) => {
    if (device.trial) {
      device.login = login;
      act();
    }
    return login(...who);
  };
};
