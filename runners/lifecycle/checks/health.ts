import { explain, isOutcome } from '../../../core/errors.ts';
import type { Driver, HealthName, Session } from '../../driver.ts';
import { type Getter, gather, type Inputs } from '../../getters/getter.ts';
import type { Vitals } from '../../shapes.ts';

/** What a device told of one part of its health, or why it did not. */
export type Told = { vitals: Vitals } | { unknown: string };

export type Health = Partial<Record<HealthName, Told>>;

const told = ({ requests, parse }: Getter<Vitals | null>, inputs: Inputs): Told => {
  try {
    const vitals = parse(inputs);
    return vitals
      ? { vitals }
      : { unknown: `the device did not answer ${requests.map((one) => `"${one}"`).join(', ')}` };
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
      parse: (inputs) => Object.fromEntries(getters.map(({ name, getter }) => [name, told(getter, inputs)])),
    },
    (requests) => ask.call(session, requests),
  );
};
