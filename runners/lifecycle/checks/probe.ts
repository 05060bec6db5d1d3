import type { CheckResult } from '../../../core/bus.ts';
import { isOutcome } from '../../../core/errors.ts';
import type { Probe } from '../../../core/inventory/schema.ts';
import type { Session } from '../../driver.ts';

/** Runs a probe of the inventory. */
export const checkProbe = async (session: Session, probe: Probe): Promise<CheckResult> => {
  const wanted = probe.matches === undefined ? `"${probe.contains ?? ''}"` : `/${probe.matches}/`;
  const on = probe.name ?? probe.command;
  try {
    const output = await session.run(probe.command);
    const holds =
      probe.matches === undefined ? output.includes(probe.contains ?? '') : new RegExp(probe.matches, 'm').test(output);
    const ok = holds !== (probe.not ?? false);
    const tail = ok ? '' : `, it printed: ${output.trim().slice(0, 500)}`;
    return { name: 'probe', on, ok, detail: `output ${holds ? 'holds' : 'does not hold'} ${wanted}${tail}` };
  } catch (error) {
    if (isOutcome(error, 'rejected')) return { name: 'probe', on, ok: false, detail: error.message };
    throw error;
  }
};
