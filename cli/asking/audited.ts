import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { openTrail } from '../../api/auth/audit/trail.ts';
import { redactAll } from '../../core/redact/redact-all.ts';
import type { Store } from '../../core/store/store.ts';

type Deed = { by: string; what: string; on: string; told?: object };

/** Makes a change to who may do what, with an audit record before it and one after. The name in them is a claim. */
export const audited = async <T>(store: Store, { by, what, on, told }: Deed, work: () => Promise<T>): Promise<T> => {
  const trail = openTrail(store);
  const id = randomBytes(9).toString('base64url');
  const same = { id, who: `claimed:${by}`, from: hostname(), what, on };
  await trail({ kind: 'asked', ...same, ...(told ? { told: await redactAll(told) } : {}) });
  const done = await work();
  await trail({ kind: 'answered', ...same });
  return done;
};
