import { expect, it } from 'vitest';
import { Tries } from '../../../../runners/loop/try-again.ts';

it('waits longer for a device each time, up to five minutes, and for NATS at first only for a moment', () => {
  const device = new Tries();
  expect(Array.from({ length: 9 }, () => device.again())).toEqual([
    2_000, 4_000, 8_000, 16_000, 32_000, 64_000, 128_000, 256_000, 300_000,
  ]);
  device.over();
  expect(device.again()).toBe(2_000);
  const nats = new Tries();
  expect(Array.from({ length: 4 }, () => nats.again('nats'))).toEqual([250, 500, 1_000, 2_000]);
});
