#!/usr/bin/env node
// The command line. In a checkout it sets itself up, and builds where a source has changed; a package comes built.
import './node-version.mjs';
import { existsSync } from 'node:fs';

if (existsSync(new URL('../tsconfig.build.json', import.meta.url))) {
  const { setUp } = await import('./setup.mjs');
  setUp(undefined);
}
await import('../dist/cli/main.js');
