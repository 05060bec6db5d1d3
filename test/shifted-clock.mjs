// Loaded before anything else (`node --import`): the clock of this process is PLUMB_TEST_CLOCK milliseconds ahead.
const shiftMs = Number(process.env.PLUMB_TEST_CLOCK);
const Real = Date;
globalThis.Date = class Shifted extends Real {
  constructor(...args) {
    if (args.length === 0) super(Real.now() + shiftMs);
    else super(...args);
  }
  static now() {
    return Real.now() + shiftMs;
  }
};
