import type { Facts } from '../../shapes.ts';
import type { Inputs, Napalm, Parser, Results } from '../getter.ts';
import { shapeFacts } from './facts.ts';

/** Whatever NAPALM has no driver for: its facts are texts all the same. */
const plain: Napalm = { facts: (facts: Facts) => shapeFacts(facts) };

/** A result as NAPALM prints it, the oddities of its driver included: -1 and '' for what is not known. */
export const toNapalm = <Name extends keyof Results>(
  { napalm = {} }: Parser,
  getter: Name,
  result: Results[Name],
  inputs: Inputs,
): unknown => {
  const shape = napalm[getter] ?? plain[getter];
  return shape ? shape(result, inputs) : result;
};
