#!/usr/bin/env node
// The command line; builds itself first where a source has changed.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root, setUp } from './setup.mjs';

setUp(undefined);
await import(pathToFileURL(join(root, 'dist', 'cli', 'main.js')).href);
