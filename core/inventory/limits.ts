import type { Static } from 'typebox';
import { Type } from '../schema.ts';

/** What is not to be exceeded, however much there is to do. */
export const Limits = Type.Object(
  {
    logins: Type.Optional(Type.Number({ minimum: 0.01, maximum: 10_000, description: 'logins a second' })),
    deployments: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000, description: 'deployments at once' })),
  },
  { additionalProperties: false },
);
export type Limits = Static<typeof Limits>;

/** Of each runner process, where the inventory says nothing else. */
export const defaultLimits: Required<Limits> = { logins: 100, deployments: 200 };

/** Of the site and of its groups, divided among the runners; of each runner process by itself. */
export type SiteLimits = { site?: Limits; runner?: Limits; groups?: ReadonlyMap<string, Limits> };
