#!/usr/bin/env node
import { getSystemErrorMap } from 'node:util';
import { written } from './output/written.ts';
import { runCommandLine } from './program.ts';

// libraries print to it (nats.js: "reader closed"), and stdout is for the requested output
console.log = (...words: unknown[]) => console.error(...words);

/** What a terminal sends to all its programs, npx and sudo pass on to us again: that is a single Ctrl-C. */
const onceMs = 500;

const controller = new AbortController();
let stoppedMs = 0;
const stop = () => {
  if (!controller.signal.aborted) stoppedMs = performance.now();
  else if (performance.now() - stoppedMs > onceMs) process.exit(130); // exit handlers take the rest down at once
  controller.abort();
};
process.on('SIGINT', stop).on('SIGTERM', stop).on('SIGHUP', stop);
let unwritten = false;
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    controller.abort(); // the reader has gone, as in `plumb jobs | head -1`
    if (unwritten || error.code === 'EPIPE' || error.code === 'EIO') return; // EIO: the terminal is gone
    unwritten = true;
    const [, why] = getSystemErrorMap().get(error.errno ?? 0) ?? [];
    if (stream === process.stdout) process.stderr.write(`plumb: cannot write: ${why ?? error.message}\n`);
  });
}

const { env, stdin, stdout, stderr } = process;
const { signal } = controller;
const code = await runCommandLine(process.argv.slice(2), { env, stdin, stdout, stderr, signal, cwd: process.cwd() });
await written([stdout, stderr], signal);
process.exit(unwritten ? 1 : code);
