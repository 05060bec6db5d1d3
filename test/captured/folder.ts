import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const beside = fileURLToPath(new URL('../../../shared/fixtures', import.meta.url));

/** Outputs that were captured on real devices; they are no part of the project. */
export const captured = pathToFileURL(`${resolve(process.env.PLUMB_CAPTURED || beside)}/`);

/** The text of a captured file. */
export const readCaptured = (file: string): string => readFileSync(new URL(file, captured), 'utf8');
