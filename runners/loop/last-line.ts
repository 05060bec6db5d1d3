import { AsyncLocalStorage } from 'node:async_hooks';
import { inspect } from 'node:util';
import { escapeControls } from '../../core/text/controls.ts';

type Failed = (error: unknown) => void;

const whose = new AsyncLocalStorage<Failed>();

const thrown = (error: unknown): void => {
  const failed = whose.getStore();
  if (failed) {
    failed(error);
    return;
  }
  if (process.listenerCount('uncaughtException') > 1) return; // whoever else listens deals with it
  console.error(escapeControls(inspect(error))); // nobody's device: as without us, but for what steers a terminal
  process.exit(1);
};

let installed = false;

/**
 * Does work for one device. What it throws where nobody waits for it, in a timer or an event of a socket, ends that
 * device's own work and never the process, which holds others.
 */
export const forDevice = <T>(failed: Failed, work: () => T): T => {
  if (!installed) process.on('uncaughtException', thrown).on('unhandledRejection', thrown);
  installed = true;
  return whose.run(failed, work);
};
