import { describe, it } from 'vitest';
import type { LifecycleCase } from '../../lab/proof/contract/case.ts';
import { contract } from '../../lab/proof/contract/contract.ts';

/** What must hold on every platform, as tests of one. */
export const lifecycle = (name: string, what: LifecycleCase): void => {
  describe(name, () => {
    for (const { title, run } of contract(what)) it(title, run);
  });
};
