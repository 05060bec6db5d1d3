import type { Getter } from '../../../getters/getter.ts';
import type { ClockReading } from '../../../shapes.ts';
import { children, descendants } from '../../../xml.ts';
import { replyOf } from './replies.ts';

const request = 'get-system-uptime-information';

/** `show system uptime`, whose `current-time` has the seconds since 1970 beside the local time. */
export const clock: Getter<ClockReading | null> = {
  requests: [request],
  parse: (inputs) => {
    const reply = replyOf(inputs, request);
    const [current] = reply ? descendants(reply, 'current-time') : [];
    const seconds = current && Number(children(current, 'date-time')[0]?.attributes.seconds);
    return seconds ? { at: seconds * 1000 } : null;
  },
};
