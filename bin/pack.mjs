// What `npm pack` runs: `before` builds, and names in package.json what goes into the package with its own dependencies;
// `after` takes that out again. npm heeds `overrides` only in a checkout, so what they hold back is shipped as it lies here.
// The list isn't kept in package.json, since `npm install` never ends over a bundled package that an override alters.
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const read = (path) => JSON.parse(readFileSync(path, 'utf8'));
const write = (manifest) => writeFileSync('package.json', `${JSON.stringify(manifest, undefined, 2)}\n`);

/** Every package that `overrides` names, at any depth. */
const named = (overrides) =>
  Object.entries(overrides).flatMap(([name, what]) => [name, ...(typeof what === 'string' ? [] : named(what))]);

/** Which of the dependencies are overridden, or need at any depth what is. */
const held = ({ dependencies, overrides }) => {
  const { packages } = read('package-lock.json');
  const overridden = named(overrides);
  const isHeld = (name, seen) =>
    overridden.includes(name) ||
    Object.keys(packages[`node_modules/${name}`]?.dependencies ?? {}).some(
      (next) => !seen.includes(next) && isHeld(next, [...seen, next]),
    );
  return Object.keys(dependencies).filter((name) => isHeld(name, [name]));
};

const { bundleDependencies: _, ...manifest } = read('package.json');
if (process.argv[2] === 'after') write(manifest);
else {
  rmSync('dist', { recursive: true, force: true });
  const node = (...args) => execFileSync(process.execPath, args, { stdio: 'inherit' });
  node('node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json', '--declaration');
  node('node_modules/vite/bin/vite.js', 'build', 'web', '--logLevel', 'warn');
  node('dist/cli/man/write.js', 'man');
  write({ ...manifest, bundleDependencies: held(manifest) });
}
