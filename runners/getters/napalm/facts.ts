import type { Facts } from '../../shapes.ts';

/** NAPALM's get_facts. @param unknown stands for a text that is not known */
export const shapeFacts = (facts: Facts, unknown = ''): Record<string, unknown> => ({
  ...Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, value ?? unknown])),
  uptime: facts.uptime ?? -1,
});
