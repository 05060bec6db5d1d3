import { performance } from 'node:perf_hooks';
import { expect } from 'vitest';
import { PlumbError } from '../../core/errors.ts';
import { type Fault, faultyWire } from './faulty-wire.ts';
import type { Transport } from './transports.ts';

/** How a use of a transport may end when the network, or the device, fails it. */
const ends: ReadonlySet<string> = new Set(['unreachable', 'closed', 'timeout', 'unauthorized', 'rejected']);

/** How long a login goes on after the fault, and each command after it. */
export type Patience = { loginMs: number; commandMs: number };

/** Hanging up, and what a busy machine adds. */
const graceMs = 10_000;
/** A fault that never strikes, since there is no such event: the login goes on for so long at most. */
const neverMs = 20_000;

/** Uses a transport by a wire with a fault, and looks at all that must be true whatever happens. @returns how it ended */
export const strike = async (
  transport: Transport,
  fault: Fault,
  at: number,
  { loginMs, commandMs }: Patience,
  lateMs = 0,
): Promise<{ struck: boolean; error: PlumbError | undefined }> => {
  const time = new AbortController();
  const over = () => time.abort(new DOMException('the time is over', 'TimeoutError'));
  let beganMs = performance.now();
  let end = setTimeout(over, neverMs);
  // how long a login takes to come to its n-th event is the machine's affair: its time counts from there
  const struck = () => {
    clearTimeout(end);
    beganMs = performance.now();
    end = setTimeout(over, loginMs);
  };
  await using wire = await faultyWire(transport.port, fault, at, { lateMs, struck });
  const thrown: unknown = await transport.use(wire.port, { late: time.signal, commandMs }).then(
    () => undefined,
    (error: unknown) => error ?? 'undefined was thrown',
  );
  const tookMs = performance.now() - beganMs;
  if (at === 0) await expect.poll(() => wire.struck).toBe(true);
  clearTimeout(end);
  const error = thrown instanceof PlumbError ? thrown : undefined;
  expect(thrown, `${fault} at event ${at}: what is thrown is a failure of the table`).toBe(error);
  if (error) {
    const { code, message, hint } = error;
    expect([...ends], `${fault} at event ${at}: ${message}`).toContain(code);
    expect(message).toMatch(/^r1: [^\p{Cc}\ufffd]{10,400}$/u);
    expect(hint ?? '').not.toMatch(/\p{Cc}/u);
  }
  const mostMs = (wire.struck ? loginMs : neverMs) + 2 * commandMs + graceMs;
  expect(tookMs, `${fault} at event ${at}: ${error?.message}`).toBeLessThan(mostMs);
  await expect
    .poll(() => wire.open, { message: `${fault} at event ${at}: connections left open`, timeout: 5_000 })
    .toBe(0);
  return { struck: wire.struck, error };
};
