import type { Checks, Policy } from './schema.ts';

type Threshold = number | 'on' | 'off';

const stricterCheck = <T extends Threshold>(one: T, other: T): T => {
  if (one === 'off') return other;
  return typeof one === 'number' && typeof other === 'number' && other < one ? other : one;
};

const united = <T>(one: readonly T[], other: readonly T[] = []): T[] => {
  const known = new Set(one.map((item) => JSON.stringify(item)));
  return [...one, ...other.filter((item) => !known.has(JSON.stringify(item)))];
};

/**
 * The policy that allows only what both of a device's policies allow. Times are those of the first. @param other may be
 * of another release
 */
export const stricter = (own: Policy, other: Partial<Policy>): Policy => ({
  ...own,
  approval: other.approval === 'manual' ? 'manual' : own.approval,
  firstDeployment: other.firstDeployment === 'manual' ? 'manual' : own.firstDeployment,
  fourEyes: own.fourEyes || other.fourEyes === true,
  maxLossPercent: Math.min(own.maxLossPercent, other.maxLossPercent ?? own.maxLossPercent),
  maxPrefixLossPercent: Math.min(own.maxPrefixLossPercent, other.maxPrefixLossPercent ?? own.maxPrefixLossPercent),
  maxBytes: Math.min(own.maxBytes, other.maxBytes ?? own.maxBytes),
  protect: united(own.protect, other.protect),
  checks: Object.fromEntries(
    Object.entries(own.checks).map(([name, threshold]) => [
      name,
      stricterCheck<Threshold>(threshold, other.checks?.[name as keyof Checks] ?? threshold),
    ]),
  ) as Checks,
  probes: united(own.probes, other.probes),
});
