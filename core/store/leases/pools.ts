import type { Pool } from '../../bus.ts';
import { isOutcome } from '../../errors.ts';
import { picks, type Selectable } from '../../inventory/select/select.ts';

/**
 * Whether a runner of this pool may have a device. An invalid selector, such as one from another release, picks
 * nothing.
 */
export const isFor = (
  site: string,
  { names, select }: Pick<Pool, 'names' | 'select'>,
): ((one: Selectable) => boolean) => {
  const named = names && new Set(names);
  let isPicked: (one: Selectable) => boolean = () => true;
  try {
    if (select !== undefined) isPicked = picks(site, select);
  } catch (error) {
    if (!isOutcome(error)) throw error;
    isPicked = () => false;
  }
  return (one) => (named?.has(one.device) ?? true) && isPicked(one);
};

/**
 * A live runner.
 *
 * `pool`: undefined for one that has just started; `quiet`: it missed two heartbeats, and may have no connection any
 * more.
 */
export type Keeper = { runner: string; pool: Pool | undefined; draining: boolean; quiet: boolean; held: number };

/** Why nobody holds a device, as far as the live runners show; '' if one should have it in a moment. */
export const whyFree = (site: string, device: Selectable, keepers: readonly Keeper[]): string => {
  if (keepers.length === 0) return 'none is up';
  const fit = keepers.filter(({ pool }) => pool && isFor(site, pool)(device));
  const unknown = keepers.filter(({ pool }) => !pool).length;
  if (fit.length === 0) return unknown > 0 ? '' : `none of the runners that are up (${keepers.length}) is for it`;
  const staying = fit.filter(({ draining }) => !draining);
  if (staying.length === 0) return `the runners that are for it (${fit.length}) are about to stop`;
  const full = staying.filter(({ pool, held }) => pool?.max !== undefined && held >= pool.max);
  if (full.length < staying.length || unknown > 0) return '';
  return `no runner has room (${full.length} of ${full.length} full)`;
};
