// npm run release VERSION: checks that main may go out as that version, then commits, tags and packs it. Nothing is pushed.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const usage = `usage: npm run release -- VERSION [--dry-run]
  VERSION    such as 0.1.0
  --dry-run  check everything, change nothing
`;

const fail = (message, hint) => {
  process.stderr.write(`release: ${message}\n${hint ? `  → ${hint}\n` : ''}`);
  process.exit(1);
};
const say = (text) => process.stdout.write(`${text}\n`);
const run = (program, ...args) => execFileSync(program, args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28 });
const git = (...args) => run('git', ...args).trim();
const read = (name) => readFileSync(join(root, name), 'utf8');

const args = process.argv.slice(2);
const dry = args.includes('--dry-run');
const [version, ...rest] = args.filter((arg) => arg !== '--dry-run');
if (!version || rest.length > 0 || !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version)) {
  process.stderr.write(usage);
  process.exit(2);
}
const tag = `v${version}`;

const dirty = git('status', '--porcelain');
if (dirty) fail(`uncommitted changes would not be in the release:\n${dirty}`, 'commit it, or `git restore` it');
const branch = git('rev-parse', '--abbrev-ref', 'HEAD');
if (branch !== 'main') fail(`this is branch ${branch}, and releases are made from main`, 'git switch main');
if (git('tag', '--list', tag))
  fail(`the tag ${tag} already exists`, 'a release is never repeated: choose the next version');
const heading = `## ${version}`;
if (
  !read('CHANGELOG.md')
    .split('\n')
    .some((line) => line === heading || line.startsWith(`${heading} `))
)
  fail(`CHANGELOG.md has no "${heading}"`, `turn its "## Unreleased" into "${heading}", and commit it`);

// .ci/run is long: a commit that has passed it is not asked again
const passed = join(root, '.plumb', 'ci-passed');
const commit = git('rev-parse', 'HEAD');
const hasPassed = existsSync(passed) && readFileSync(passed, 'utf8').trim() === commit;
if (hasPassed) say(`.ci/run has passed on ${commit.slice(0, 8)}`);
else if (dry) say('.ci/run has not passed on this commit: it would be run');
else {
  say('.ci/run has not passed on this commit: running it');
  if (spawnSync(join(root, '.ci', 'run'), { cwd: root, stdio: 'inherit' }).status !== 0) fail('.ci/run is red');
  mkdirSync(join(root, '.plumb'), { recursive: true, mode: 0o700 });
  writeFileSync(passed, `${commit}\n`);
}

if (dry) {
  say(`${tag} could be released from ${commit.slice(0, 8)}; nothing was changed`);
  process.exit(0);
}

if (JSON.parse(read('package.json')).version !== version) {
  run('npm', 'version', version, '--no-git-tag-version');
  git('commit', '--quiet', '--message', `chore(release): ${version}`, '--', 'package.json', 'package-lock.json');
}
git('tag', '--annotate', tag, '--message', `Plumbline ${version}`);
const out = join(root, '.plumb', `release-${version}`);
mkdirSync(out, { recursive: true, mode: 0o700 });
run('npm', 'pack', '--pack-destination', out);
const sbom = join(out, `plumbline-${version}.cdx.json`);
writeFileSync(sbom, run(process.execPath, 'bin/sbom.mjs'));
const at = (path) => relative(process.cwd(), path);
say(`tagged ${tag}
packed ${at(join(out, `plumbline-${version}.tgz`))}
SBOM   ${at(sbom)}

next, when you have looked at them:
  git push origin main ${tag}
  npm publish ${at(join(out, `plumbline-${version}.tgz`))}
  attach both files to the release ${tag} on the forge`);
