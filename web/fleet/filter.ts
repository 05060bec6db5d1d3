import { PlumbError } from '../../core/errors.ts';
import { select } from '../../core/inventory/select/select.ts';
import type { Device } from '../data/types.ts';
import { hasBgpDown, shownOf } from './state.ts';

/** What a filter leaves of the devices, and why it may leave none. */
export type Filtered = { devices: readonly Device[]; problem?: { text: string; hint: string } };

/** What can be filtered by beside the inventory's own labels; these win over a var of the same name. */
const labelsOf = (device: Device, nowMs: number): Record<string, string[]> => {
  const { word } = shownOf(device, nowMs);
  const trial = device.state?.trial ? ['trial'] : [];
  return {
    ...device.labels,
    sync: [device.sync],
    state: [word.replace(/ [\d:]+$/, '').replaceAll(' ', '_'), ...trial],
    bgp: [hasBgpDown(device) ? 'down' : device.state?.bgp ? 'up' : 'none'],
  };
};

/**
 * The devices that a selector picks (docs/selectors.md); on the page it also knows `sync=out*`, `state=drift`, `bgp=down`.
 *
 * @param expression '' picks all
 */
export const filterDevices = (all: readonly Device[], expression: string, nowMs: number): Filtered => {
  if (expression.trim() === '') return { devices: all };
  const entries = all.map((device) => {
    const { host, platform, groups } = device;
    return { device: device.device, host, platform, groups, labels: labelsOf(device, nowMs), of: device };
  });
  try {
    return { devices: select('', entries, expression).map(({ of }) => of) };
  } catch (error) {
    if (!(error instanceof PlumbError)) throw error;
    return { devices: [], problem: { text: error.message, hint: error.hint ?? '' } };
  }
};

const counted = /^(sync|bgp)=(\w+)(?:, (.*))?$/s;

/** A filter as a count sets it, and what was typed beside it. */
export const splitFilter = (expression: string): { pressed: string; rest: string } => {
  const [, key = '', value = '', rest = ''] = counted.exec(expression.trim()) ?? [];
  if (key === '') return { pressed: '', rest: expression };
  const [, inner = rest] = /^\(([^()]*)\)$/.exec(rest) ?? [];
  return { pressed: `${key}=${value}`, rest: inner };
};

/** The filter with another count pressed; '' for none. */
export const pressCount = (expression: string, pressed: string): string => {
  const { rest } = splitFilter(expression);
  if (pressed === '' || rest === '') return pressed === '' ? rest : pressed;
  return `${pressed}, ${/\bor\b/.test(rest) ? `(${rest})` : rest}`;
};
