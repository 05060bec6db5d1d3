import type { Job } from '../data/types.ts';

/** An address of a device, with the length of its network's prefix. */
export type Address = { device: string; address: string; prefixLength: number };

/** The bits of an address, to compare networks by; '' for what is none. */
const bitsOf = (address: string): string => {
  if (/^[\d.]+$/.test(address)) {
    return address
      .split('.')
      .map((part) => Number(part).toString(2).padStart(8, '0'))
      .join('');
  }
  const [head = '', tail] = address.toLowerCase().split('%')[0]?.split('::') ?? [];
  const groups = (text: string) => (text === '' ? [] : text.split(':'));
  const [front, back] = [groups(head), groups(tail ?? '')];
  const middle = tail === undefined ? [] : Array<string>(Math.max(0, 8 - front.length - back.length)).fill('0');
  return [...front, ...middle, ...back]
    .map((group) => Number.parseInt(group, 16).toString(2).padStart(16, '0'))
    .join('');
};

/** The same text for every way to write an address. */
export const canonical = (address: string): string => bitsOf(address);

/** Whether an address lies in the network of another one. */
export const isNear = (address: string, { address: other, prefixLength }: Address): boolean => {
  const [one, two] = [bitsOf(address), bitsOf(other)];
  return one.length === two.length && one.slice(0, prefixLength) === two.slice(0, prefixLength);
};

type Families = Record<string, Record<string, { prefix_length?: number }>>;

/** The addresses of a job of kind `interfaces-ip`, in NAPALM's shape. */
export const addressesOf = (job: Job): Address[] => {
  const interfaces =
    (job.result as { 'interfaces-ip'?: Record<string, Families> } | undefined)?.['interfaces-ip'] ?? {};
  return Object.values(interfaces).flatMap((families) =>
    Object.values(families).flatMap((addresses) =>
      Object.entries(addresses).map(([address, { prefix_length: prefixLength = 0 }]) => ({
        device: job.device,
        address,
        prefixLength,
      })),
    ),
  );
};
