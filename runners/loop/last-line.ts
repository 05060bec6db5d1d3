import { AsyncLocalStorage } from 'node:async_hooks';
import { lastWords } from '../../core/logs/last-words.ts';

type Failed = (error: unknown) => void;

const whose = new AsyncLocalStorage<Failed>();

const thrown = (error: unknown): void => {
  const failed = whose.getStore();
  if (failed) {
    failed(error);
    return;
  }
  if (process.listenerCount('uncaughtException') > 1) return; // whoever else listens deals with it
  lastWords(error); // nobody's device
};

let installed = false;

/**
 * Does work for one device. What it throws where nobody waits for it, in a timer or an event of a socket, ends that
 * device's own work and never the process, which holds others.
 */
export const forDevice = <T>(failed: Failed, work: () => T): T => {
  if (!installed) {
    process.off('uncaughtException', lastWords);
    process.on('uncaughtException', thrown).on('unhandledRejection', thrown);
  }
  installed = true;
  return whose.run(failed, work);
};
