// Prints what a package is made of (CycloneDX), by the lock file.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const args = ['sbom', '--package-lock-only', '--sbom-format', 'cyclonedx', '--omit', 'dev'];
const list = JSON.parse(execFileSync('npm', args, { encoding: 'utf8', maxBuffer: 1 << 28 }));
list.metadata.component.name = JSON.parse(readFileSync('package.json', 'utf8')).name; // npm says the folder's
process.stdout.write(`${JSON.stringify(list, undefined, 2)}\n`);
