import { readFileSync } from 'node:fs';

const read = (): string => {
  // both from dist/cli/ and from cli/
  for (const up of ['../../package.json', '../package.json']) {
    try {
      return (JSON.parse(readFileSync(new URL(up, import.meta.url), 'utf8')) as { version: string }).version;
    } catch {}
  }
  return 'unknown';
};

/** Ours, as package.json has it. */
export const version = read();
