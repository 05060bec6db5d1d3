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

/** Lets the time pass at once that a timer is shortened to in order to undo a trial, where a device has no other undo. */
export const hurryUndo = ({ device }: Sim): void => {
  const arm = device.arm.bind(device);
  device.arm = (name, login, seconds, ...rest) => {
    const isShortened = device.trial !== undefined;
    arm(name, login, seconds, ...rest);
    if (isShortened) setImmediate(() => device.clock.advance(seconds * 1000 + 1_000));
  };
};
