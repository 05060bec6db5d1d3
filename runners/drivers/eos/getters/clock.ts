import type { Getter } from '../../../getters/getter.ts';
import { at, jsonOf } from '../../../getters/json.ts';
import type { ClockReading } from '../../../shapes.ts';

/** `show clock | json`, whose `utcTime` is seconds since 1970 whatever the zone. */
export const clock: Getter<ClockReading | null> = {
  requests: ['show clock'],
  parse: (inputs) => {
    const utc = at(jsonOf(inputs, 'show clock'), 'utcTime');
    return typeof utc === 'number' && utc > 0 ? { at: Math.round(utc * 1000) } : null;
  },
};
