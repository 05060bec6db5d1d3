import { describe, it } from 'vitest';
import { contract, type LifecycleCase } from '../../lab/proof/contract.ts';

/** What must hold on every platform, as tests of one. */
export const lifecycle = (name: string, what: LifecycleCase): void => {
  describe(name, () => {
    for (const { title, run } of contract(what)) it(title, run);
  });
};
