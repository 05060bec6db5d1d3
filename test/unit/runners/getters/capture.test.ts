import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { parseVerb } from '../../../../cli/verbs/parse.ts';
import { parseByTemplates } from '../../../../runners/drivers/textfsm.ts';
import { decoded, refusalIn } from '../../../../runners/getters/capture.ts';
import { folderOfTest } from '../../../folder.ts';

let folder = '';
beforeEach(async () => {
  folder = await folderOfTest('captures');
});

/** What `plumb parse` prints, and what it says beside that. */
const parse = async (...argv: string[]) => {
  const printed = { out: '', err: '' };
  const context = {
    out: (text: string) => (printed.out += text),
    err: (text: string) => (printed.err += text),
  };
  await parseVerb(context as unknown as Parameters<typeof parseVerb>[0]).parseAsync(argv, { from: 'user' });
  return printed;
};

describe('a captured output', () => {
  const text = 'hostname ä\nend\n';
  it.each([
    ['plain', Buffer.from(text)],
    ['with the mark that Windows puts first', Buffer.from(`\uFEFF${text}`)],
    ['UTF-16 as PowerShell saves it', Buffer.from(`\uFEFF${text}`, 'utf16le')],
    ['UTF-16 of a big-endian machine', Buffer.from(`\uFEFF${text}`, 'utf16le').swap16()],
    ['compressed', gzipSync(text)],
  ])('is read %s', (_, bytes) => {
    expect(decoded(bytes)).toBe(text);
  });

  it('that is a refusal is told from one that mentions a refusal', () => {
    expect(refusalIn("show bgp foo\n         ^\n% Invalid input detected at '^' marker.\n")).toMatch(
      /^% Invalid input/,
    );
    expect(refusalIn('% BGP not active\n')).toBeUndefined();
    expect(refusalIn(`${'!\n'.repeat(20)}% Invalid input\n`)).toBeUndefined();
  });
});

describe('plumb parse of a folder', () => {
  const version = 'edge1 uptime is 2 days\nCisco IOS Software, 1841 Software, Version 15.1\n';

  it('reads compressed answers, and ntc-templates’ name of the platform', async () => {
    writeFileSync(join(folder, 'show_version.txt.gz'), gzipSync(version));
    expect(JSON.parse((await parse('--platform', 'cisco_ios', folder)).out)).toMatchObject({ uptime: 172_800 });
  });

  it('says what the device refused', async () => {
    writeFileSync(join(folder, 'show_version.txt'), "% Invalid input detected at '^' marker.\n");
    const { err } = await parse('--platform', 'ios', folder);
    expect(err).toBe(
      `plumb: ${folder}/show_version.txt: the device refused this: % Invalid input detected at '^' marker.\n`,
    );
  });

  it('names the file that cannot be parsed', async () => {
    writeFileSync(join(folder, 'show_ip_bgp_summary_vrf_all.json'), '{"vrfs": {');
    await expect(parse('--platform', 'eos', '--getter', 'bgp', folder)).rejects.toThrow(
      `${folder}/show_ip_bgp_summary_vrf_all.json: show ip bgp summary vrf all: the answer is not JSON`,
    );
  });

  it('names the folders of the devices when it was given the one around them', async () => {
    mkdirSync(join(folder, 'leaf1'));
    await expect(parse('--platform', 'eos', folder)).rejects.toMatchObject({
      code: 'invalid_request',
      hint: expect.stringContaining(`is it in ${folder}/leaf1?`),
    });
  });

  it('says so when it is a file, and when the platform is not known', async () => {
    const file = join(folder, 'show_version.txt');
    writeFileSync(file, version);
    await expect(parse('--platform', 'ios', file)).rejects.toThrow(`${file}: it is a file; a getter reads a folder`);
    await expect(parse('--platform', 'eso', folder)).rejects.toThrow('platform eso; did you mean "eos"?');
  });
});

describe('a folder of templates without an index', () => {
  const template = 'Value NAME (\\S+)\n\nStart\n  ^$NAME -> Record\n';
  const put = (...names: string[]) => {
    for (const name of names) writeFileSync(join(folder, name), template);
  };

  it('takes an abbreviated command for the one template that is meant', () => {
    put('cisco_ios_show_ip_bgp_summary.textfsm', 'cisco_ios_show_ip_bgp_neighbors.textfsm');
    expect(parseByTemplates(folder, 'ios', 'sh ip bgp sum', 'x\n')).toEqual([{ name: 'x' }]);
  });

  it('takes a word that is written out for itself', () => {
    put('arista_eos_show_ip_bgp_summary.textfsm', 'arista_eos_show_ipv6_bgp_summary.textfsm');
    expect(parseByTemplates(folder, 'eos', 'sh ip bgp sum', 'x\n')).toEqual([{ name: 'x' }]);
    expect(() => parseByTemplates(folder, 'eos', 'sh i bgp sum', 'x\n')).toThrow('may be');
  });

  it('does not guess between two', () => {
    put('cisco_ios_show_interfaces.textfsm', 'cisco_ios_show_inventory.textfsm');
    expect(() => parseByTemplates(folder, 'ios', 'sh in', 'x\n')).toThrow(
      '"sh in" may be cisco_ios_show_interfaces.textfsm or cisco_ios_show_inventory.textfsm',
    );
  });

  it('says how the template would be called, or that there is no such folder', () => {
    put('cisco_ios_show_version.textfsm');
    expect(() => parseByTemplates(folder, 'ios', 'show clock', 'x\n')).toThrow(
      expect.objectContaining({
        code: 'template_failed',
        hint: expect.stringContaining('cisco_ios_show_clock.textfsm'),
      }),
    );
    expect(() => parseByTemplates(join(folder, 'none'), 'ios', 'show clock', 'x\n')).toThrow(
      expect.objectContaining({
        code: 'invalid_request',
        message: expect.stringContaining('the folder of templates cannot be read'),
      }),
    );
  });
});
