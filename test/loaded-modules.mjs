// node --import: writes the URL of each module that the process loads into the file LOADED_MODULES, a line each.
import { appendFileSync, writeFileSync } from 'node:fs';
import { register } from 'node:module';
import { isMainThread } from 'node:worker_threads';

const path = process.env.LOADED_MODULES ?? '';

/** Called in the thread of the hooks. */
export const load = (url, context, next) => {
  appendFileSync(path, `${url}\n`);
  return next(url, context);
};

if (isMainThread) {
  writeFileSync(path, '');
  register(import.meta.url);
}
