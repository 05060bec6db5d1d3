import { inspect } from 'node:util';
import { log } from '../log.ts';
import { redact } from '../redact/redact.ts';
import { escapeControls } from '../text/controls.ts';

/** Logs an uncaught error like any other line, and ends the process as Node would. */
export const lastWords = (error: unknown): never => {
  const told = inspect(error);
  if (process.stderr.isTTY) process.stderr.write(`${escapeControls(redact(told))}\n`);
  else log.fatal({ stack: told }, `ended by an uncaught error: ${told.split('\n', 1)[0]}`);
  process.exit(1);
};
