import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

it('tells in docs/dependencies.md what each dependency is for, and of none that is not there', () => {
  const { dependencies, devDependencies } = JSON.parse(read('package.json')) as Record<string, Record<string, string>>;
  const rows = read('docs/dependencies.md').matchAll(/^\| (`[^|]+) \|/gm);
  const told = [...rows].flatMap(([, cell = '']) => {
    const names = [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
    const [scope = ''] = /^@[^/]+\//.exec(names[0] ?? '') ?? [];
    return names.map((name) => (name.startsWith('@') ? name : `${scope}${name}`));
  });
  expect(told.sort()).toEqual(Object.keys({ ...dependencies, ...devDependencies }).sort());
});

it('counts in docs/dependencies.md what is installed to run it', () => {
  const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, { dev?: boolean }> };
  const count = Object.entries(packages).filter(([path, { dev }]) => path !== '' && !dev).length;
  expect(read('docs/dependencies.md')).toContain(`${count} packages are installed to run it`);
});
