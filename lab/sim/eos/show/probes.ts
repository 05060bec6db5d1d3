import { answers } from '../../arp.ts';
import type { Device } from '../../device.ts';

/** `ping HOST …`. */
export const pingText = (device: Device, words: string): string => {
  const heard = answers(device, words);
  const [host = ''] = words.split(/\s+/);
  const count = Number(/ repeat (\d+)/.exec(words)?.[1] ?? 5);
  const size = Number(/ size (\d+)/.exec(words)?.[1] ?? 100);
  const rows = Array.from(
    { length: heard ? count : 0 },
    (_, at) => `${size - 20} bytes from ${host}: icmp_seq=${at + 1} ttl=64 time=1.00 ms\n`,
  );
  return `PING ${host} (${host}) ${size - 28}(${size}) bytes of data.\n${rows.join('')}\n--- ${host} ping statistics ---\n${count} packets transmitted, ${heard ? `${count} received, 0% packet loss, time 40ms\nrtt min/avg/max/mdev = 1.000/1.000/1.000/0.000 ms, ipg/ewma 1.000/1.000 ms` : '0 received, 100% packet loss, time 40ms'}\n`;
};

/** `traceroute HOST`, in `bash` too: one hop. */
export const traceText = (host: string): string =>
  `traceroute to ${host} (${host}), 30 hops max, 60 byte packets\n 1  ${host} (${host})  1.000 ms  1.000 ms  1.000 ms\n`;
