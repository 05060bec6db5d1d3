import type { Device } from '../../core/inventory/schema.ts';
import type { ClockReading } from '../../runners/shapes.ts';
import { span } from '../output/text.ts';
import { type Finding, ok, warn } from './checks.ts';

/** How far the clock of a device may be off: its log can then still be compared with others'. */
const deviceToleranceMs = 5_000;

/**
 * What a device's clock showed `readMsAgo`; undefined: the platform reports no time; null: its answer was not
 * understood.
 */
export type ToldTime = (ClockReading & { readMsAgo: number }) | null | undefined;

/**
 * Whether the clock of a device and this machine's agree.
 *
 * @param tookMs how long it took to ask: the answer is no more exact than that
 */
export const checkDeviceClock = (
  { name, platform }: Device,
  told: ToldTime,
  tookMs: number,
  nowMs = Date.now(),
): Finding => {
  if (told === undefined) return ok('clock', name, `not compared: ${platform} has no command for it here`);
  if (told === null) return warn('clock', name, 'the time that it reports was not understood', 'compare it by hand');
  if ('zone' in told)
    return ok('clock', name, `not compared: the device does not report how far its zone ${told.zone} is from UTC`);
  const aheadMs = told.at + told.readMsAgo - nowMs;
  if (Math.abs(aheadMs) <= deviceToleranceMs + tookMs) return ok('clock', name, "agrees with this machine's");
  const how = `${span(Math.round(Math.abs(aheadMs) / 1000))} ${aheadMs > 0 ? 'ahead of' : 'behind'} this machine's`;
  const fix = 'do it and this machine (`timedatectl`) follow an NTP server? Its logs and certificates depend on it';
  return warn('clock', name, `its clock is ${how}`, fix);
};
