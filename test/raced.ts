import { subjects } from '../core/bus.ts';
import type { Store } from '../core/store/store.ts';

/** The same store, on which `before` happens first whenever a text for this device is published through it. */
export const racedStore = (store: Store, device: string, before: () => Promise<unknown>): Store => {
  const publish: Store['js']['publish'] = async (subject, payload, options) => {
    if (subject === subjects.intent(store.site, device)) await before();
    return store.js.publish(subject, payload, options);
  };
  const js = new Proxy(store.js, { get: (to, name) => (name === 'publish' ? publish : Reflect.get(to, name, to)) });
  return { ...store, js };
};
