import { explain, isOutcome } from '../../../core/errors.ts';
import type { Driver, HealthName, Session } from '../../driver.ts';
import { type Getter, gather, type Inputs } from '../../getters/getter.ts';
import type { Vitals } from '../../shapes.ts';

/** What a device told of one part of its health, with the requests that it did not answer, or why it told nothing. */
export type Told = { vitals: Vitals; unanswered?: readonly string[] } | { unknown: string };

export type Health = Partial<Record<HealthName, Told>>;

/** Tables of routes, which every device has; a protocol that it does not run is refused, and has no neighbours then. */
export const isOfRoutes = (name: HealthName): boolean => name === 'rib' || name === 'fib';

/** Why a part, or some of it, is not known. */
export const notAnswered = (requests: readonly string[]): string =>
  `the device did not answer ${requests.map((one) => `"${one}"`).join(', ')}`;

const told = (name: HealthName, { requests, parse }: Getter<Vitals | null>, inputs: Inputs): Told => {
  try {
    const vitals = parse(inputs);
    if (!vitals) return { unknown: notAnswered(requests) };
    const unanswered = isOfRoutes(name) ? requests.filter((one) => inputs.get(one) === undefined) : [];
    return unanswered.length > 0 ? { vitals, unanswered } : { vitals };
  } catch (error) {
    if (!isOutcome(error)) throw error;
    return { unknown: explain(error) };
  }
};

/** Asks for several parts of a device's health in one go; those that its platform has no getter for are left out. */
export const readHealth = async (
  { health = {} }: Pick<Driver, 'health'>,
  session: Session,
  names: readonly HealthName[],
): Promise<Health> => {
  const { ask } = session;
  const getters = names.flatMap((name) => {
    const getter = health[name];
    return getter ? [{ name, getter }] : [];
  });
  if (!ask || getters.length === 0) return {};
  return gather<Health>(
    {
      requests: [...new Set(getters.flatMap(({ getter }) => getter.requests))],
      parse: (inputs) => Object.fromEntries(getters.map(({ name, getter }) => [name, told(name, getter, inputs)])),
    },
    (requests) => ask.call(session, requests),
  );
};
