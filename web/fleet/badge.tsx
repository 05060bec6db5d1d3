import { now } from '../data/clock.ts';
import type { Device } from '../data/types.ts';
import { Badge } from '../parts/mark.tsx';
import { shownOf } from './state.ts';

/** The state of a device; a trial's time runs in it. */
export const DeviceBadge = ({ device }: { device: Device }) => {
  const { mark, tone, word, asks } = shownOf(device, device.state?.trial ? now.value : 0);
  return <Badge mark={mark} tone={tone} word={word} loud={asks} />;
};
