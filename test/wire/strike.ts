import { performance } from 'node:perf_hooks';
import { expect } from 'vitest';
import { PlumbError } from '../../core/errors.ts';
import { type Fault, faultyWire } from './faulty-wire.ts';
import type { Limits, Transport } from './transports.ts';

/** How a use of a transport may end when the network, or the device, fails it. */
const ends: ReadonlySet<string> = new Set(['unreachable', 'closed', 'timeout', 'unauthorized', 'rejected']);

/** Hanging up, and what a busy machine adds. */
const graceMs = 10_000;

/** Uses a transport by a wire with a fault, and looks at all that must be true whatever happens. @returns how it ended */
export const strike = async (
  transport: Transport,
  fault: Fault,
  at: number,
  limits: Limits,
  lateMs = 0,
): Promise<{ struck: boolean; error: PlumbError | undefined }> => {
  await using wire = await faultyWire(transport.port, fault, at, lateMs);
  const began = performance.now();
  const thrown: unknown = await transport.use(wire.port, limits).then(
    () => undefined,
    (error: unknown) => error ?? 'undefined was thrown',
  );
  const tookMs = performance.now() - began;
  const error = thrown instanceof PlumbError ? thrown : undefined;
  expect(thrown, `${fault} at event ${at}: what is thrown is a failure of the table`).toBe(error);
  if (error) {
    const { code, message, hint } = error;
    expect([...ends], `${fault} at event ${at}: ${message}`).toContain(code);
    expect(message).toMatch(/^r1: [^\p{Cc}\ufffd]{10,400}$/u);
    expect(hint ?? '').not.toMatch(/\p{Cc}/u);
  }
  expect(tookMs, `${fault} at event ${at}: ${error?.message}`).toBeLessThan(
    limits.loginMs + 2 * limits.commandMs + graceMs,
  );
  await expect
    .poll(() => wire.open, { message: `${fault} at event ${at}: connections left open`, timeout: 5_000 })
    .toBe(0);
  return { struck: wire.struck, error };
};
