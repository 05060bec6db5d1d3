import { rm, symlink } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import {
  change,
  config,
  entryOf,
  eventually,
  inventoryOf,
  makeFolder,
  makeRepository,
  openGitIn,
  published,
  watchSource,
} from '../site.ts';

const standIns: Readonly<Record<string, [text: string | Buffer, refusal: RegExp]>> = {
  lfs: ['version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n', /: a Git LFS pointer/],
  annex: ['/annex/objects/SHA256E-s5--4d7a\n', /: a git-annex pointer/],
  crypt: ['\0GITCRYPT\0\x12\x34', /: encrypted with git-crypt/],
  vault: ['$ANSIBLE_VAULT;1.1;AES256\n6236\n', /: encrypted with ansible-vault/],
  sops: ['{"data": "ENC[AES256_GCM,data:abc,type:str]", "sops": {}}\n', /: encrypted with sops/],
  age: ['age-encryption.org/v1\n-> X25519 abc\n', /: encrypted with age/],
  armored: ['-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n', /: encrypted with age/],
  pgp: ['-----BEGIN PGP MESSAGE-----\n\nhQEM\n', /: encrypted with PGP/],
  latin1: [
    Buffer.from('hostname latin1\nbanner caf\xe9\n', 'latin1'),
    /latin1\.cfg:2: not valid UTF-8: 0xe9 at byte offset 26/,
  ],
  utf16: [Buffer.from('\ufeffhostname utf16\n', 'utf16le'), /utf16\.cfg:1: not valid UTF-8: 0xff at byte offset 0/],
  binary: ['hostname binary\n\0\n', /: binary: a NUL byte at byte offset 16/],
  Same: [config('Same'), /: names differ only in case: Same\.cfg, same\.cfg/],
  same: [config('same'), /: names differ only in case: Same\.cfg, same\.cfg/],
  'no name': [config('x'), /: "no name" is no device name/],
};

describe('a commit in which some files cannot be published', () => {
  it('has each refused by name, and the others published', async () => {
    const devices = [...Object.keys(standIns).filter((name) => name !== 'no name'), 'link', 'module', 'dir', 'good'];
    await using folder = await makeFolder(['good']);
    await folder.git('init', '-q', '-b', 'main');
    const first = await folder.commitAll('first');
    await folder.write('inventory.yml', inventoryOf(devices));
    for (const [name, [text]] of Object.entries(standIns)) await folder.write(`intended/configs/${name}.cfg`, text);
    await symlink('good.cfg', folder.configPath('link'));
    await folder.write('intended/configs/dir.cfg/inner', config('dir'));
    await folder.git('add', '-A');
    await folder.git('update-index', '--add', '--cacheinfo', `160000,${first},intended/configs/module.cfg`);
    await folder.git('commit', '-q', '-m', 'all kinds');
    await using site = await watchSource(await openGitIn(folder.folder));
    const told = Object.fromEntries(site.story.of('problem').map(({ about, problem }) => [about, problem.message]));
    const refusals: Readonly<Record<string, RegExp>> = {
      ...Object.fromEntries(Object.entries(standIns).map(([name, [, refusal]]) => [name, refusal])),
      link: /: a symbolic link, whose blob is only a path/,
      module: /: a submodule/,
      dir: /: a folder/,
    };
    for (const [name, refusal] of Object.entries(refusals)) {
      expect(told[`intended/configs/${name}.cfg`]).toMatch(refusal);
      if (devices.includes(name)) expect(await published(site.store, name)).toBeUndefined();
    }
    expect(Object.keys(told)).toHaveLength(Object.keys(refusals).length);
    expect(await published(site.store, 'good')).toBe(config('good'));
    expect((await entryOf(site.store, 'vault'))?.problem).toMatch(/ansible-vault/);
  });

  it('leaves what was published before of a device that is refused', async () => {
    await using folder = await makeRepository();
    await using site = await watchSource(await openGitIn(folder.folder));
    await folder.write('intended/configs/leaf1.cfg', '$ANSIBLE_VAULT;1.1;AES256\n6236\n');
    await folder.commitAll('encrypted');
    await eventually(async () => expect((await entryOf(site.store, 'leaf1'))?.problem).toMatch(/ansible-vault/));
    expect(await published(site.store, 'leaf1')).toBe(config('leaf1'));
    expect((await entryOf(site.store, 'leaf1'))?.intended).not.toBeNull();
    await change(folder, 'clear');
    await eventually(async () => expect(await published(site.store, 'leaf1')).toBe(config('leaf1', 'clear')));
    await eventually(async () => expect((await entryOf(site.store, 'leaf1'))?.problem).toBeUndefined());
  });
});

describe('the bytes of a blob', () => {
  it("applies the commit's own attributes, whatever lies in the working tree", async () => {
    await using folder = await makeRepository();
    await folder.write('.gitattributes', '*.cfg text eol=crlf\n');
    await folder.write('intended/configs/.gitattributes', 'leaf2.cfg -text\n');
    await folder.git('config', 'core.autocrlf', 'true');
    await folder.commitAll('attributes');
    await folder.write('.gitattributes', '');
    await rm(folder.path('intended/configs/.gitattributes'));
    await using site = await watchSource(await openGitIn(folder.folder));
    expect(await published(site.store, 'leaf1')).toBe(config('leaf1').replaceAll('\n', '\r\n'));
    expect(await published(site.store, 'leaf2')).toBe(config('leaf2'));
    await folder.commitAll('without attributes');
    await eventually(async () => expect(await published(site.store, 'leaf1')).toBe(config('leaf1')));
  });

  it('refuses the one device whose filter fails', async () => {
    await using folder = await makeRepository();
    await folder.write('.gitattributes', 'leaf1.cfg filter=broken\n');
    await folder.commitAll('attributes');
    await folder.git('config', 'filter.broken.smudge', 'exit 1');
    await folder.git('config', 'filter.broken.required', 'true');
    await using site = await watchSource(await openGitIn(folder.folder));
    expect(site.story.of('problem')[0]).toMatchObject({ device: 'leaf1', about: 'intended/configs/leaf1.cfg' });
    expect(site.story.of('problem')[0]?.problem.message).toMatch(/smudge filter broken failed/);
    expect(await published(site.store, 'leaf2')).toBe(config('leaf2'));
  });
});
