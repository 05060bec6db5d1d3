import type { Store } from '../core/store/store.ts';

/** The store as it is found so many ms from now, by the server's clock, which servers before 2.10 do not tell. */
export const later = (store: Store, ms: number): Store => {
  const ts = new Date(Date.now() + ms).toISOString();
  const status = async () => ({ streamInfo: { ts } });
  const lease = new Proxy(store.lease, {
    get: (bucket, key) => (key === 'status' ? status : Reflect.get(bucket, key, bucket)),
  });
  return { ...store, lease };
};
