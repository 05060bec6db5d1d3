#!/usr/bin/env node
import { written } from './output/written.ts';
import { runCommandLine } from './program.ts';

const controller = new AbortController();
let interrupts = 0;
const stop = () => {
  interrupts++;
  if (interrupts > 1) process.exit(130); // exit handlers take the rest down at once
  controller.abort();
};
process.on('SIGINT', stop).on('SIGTERM', stop).on('SIGHUP', stop);
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error; // EIO: the terminal is gone
    controller.abort(); // nobody reads any more, as in `plumb jobs | head -1`
  });
}

const { env, stdin, stdout, stderr } = process;
const { signal } = controller;
const code = await runCommandLine(process.argv.slice(2), { env, stdin, stdout, stderr, signal, cwd: process.cwd() });
await written([stdout, stderr], signal);
process.exit(code);
