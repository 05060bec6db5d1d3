import { execFileSync } from 'node:child_process';
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';
import { loadInventory } from '../../../../core/inventory/inventory.ts';
import { renderAll, renderDevice } from '../../../../core/render/render.ts';
import { costs } from '../../../cost.ts';
import { folderOfTest } from '../../../folder.ts';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
let folder: string;
let templates: string;
beforeEach(async () => {
  folder = await folderOfTest('render');
  templates = join(folder, 'templates');
  await mkdir(join(templates, 'leaf'), { recursive: true });
});

const inventory = async (devices = 'leaf1: {}') => {
  const path = join(folder, 'inventory.yml');
  await writeFile(
    path,
    `site: dc1
defaults: {platform: frr, role: leaf, vars: {asn: 65001, mtu: 1.0, share: 1.5, vlans: {20: b, 10: a}, empty: []}, credentials: {username: joe, password: {env: P}}}
devices: {${devices}}`,
  );
  return loadInventory(path);
};
const main = (text: string) => writeFile(join(templates, 'leaf', 'main.j2'), text);
const render = async (text: string) => {
  await main(text);
  const found = await inventory();
  const leaf = found.devices.get('leaf1');
  if (!leaf) throw new Error('no leaf1');
  return renderDevice(found, leaf, templates);
};

describe('rendering', () => {
  it('refuses a template that is not UTF-8, and puts no other character into a configuration', async () => {
    await writeFile(join(templates, 'leaf', 'part.j2'), Buffer.from('ntp\nbanner caf\xe9\n', 'latin1'));
    const why = /part\.j2:2: not valid UTF-8: 0xe9 at byte offset 14/;
    await expect(render("{% include 'leaf/part.j2' %}")).rejects.toThrow(why);
  });

  it('makes exactly what lies in intended/configs for the routers of the lab', async () => {
    const found = await loadInventory(join(root, 'inventory.yml'));
    const all = renderAll(found, join(root, 'templates'));
    expect(all.map(({ device }) => device)).toEqual(['spine1', 'leaf1', 'leaf2']);
    for (const rendered of all) {
      const intended = await readFile(join(root, 'intended/configs', `${rendered.device}.cfg`), 'utf8');
      expect('text' in rendered ? rendered.text : rendered.problem).toBe(intended);
    }
  });

  it('gives a template its vars, its device, the site and the other devices, and no credentials', async () => {
    await main(
      '{{ site }} {{ device.name }} {{ device.platform }} {{ asn }} {{ devices.leaf2.host }} {{ devices.leaf2.vars.asn }}',
    );
    const found = await inventory('leaf1: {}, leaf2: {host: 192.0.2.2, vars: {asn: 65002}}');
    expect(renderAll(found, templates)).toEqual([
      { device: 'leaf1', text: 'dc1 leaf1 frr 65001 192.0.2.2 65002\n' },
      { device: 'leaf2', text: 'dc1 leaf2 frr 65002 192.0.2.2 65002\n' },
    ]);
    for (const secret of ['device.credentials', 'devices.leaf1.credentials', 'credentials']) {
      expect(renderAll(found, templates)).not.toContain('joe');
      await expect(render(`{{ ${secret} }}`)).rejects.toMatchObject({ code: 'template_failed' });
    }
  });

  it('prints values as Ansible and Jinja2 users know them', async () => {
    expect(await render('{{ mtu }} {{ share }} {{ vlans }} {{ "no" if empty else "yes" }} {{ true }} {{ none }}')).toBe(
      "1.0 1.5 {20: 'b', 10: 'a'} yes True None\n",
    );
  });

  it.each([
    ['none', 'a', 'a\n'],
    ['one', 'a\n', 'a\n'],
    ['many', 'a\n\n\n', 'a\n'],
    ['Windows', 'a\r\nb\r\n', 'a\nb\n'],
  ])('ends with exactly one line end, with %s in the template', async (_, text, expected) => {
    expect(await render(text)).toBe(expected);
  });

  it('names device, template, line and variable where it fails, and goes on with the others', async () => {
    await main('a\n{{ device.name }}\n{{ loopbak }}\n');
    const found = await inventory('leaf1: {}, leaf2: {vars: {loopbak: 1}}');
    const [first, second] = renderAll(found, templates);
    expect(first).toMatchObject({
      device: 'leaf1',
      problem: { code: 'template_failed', line: 3, message: 'leaf1: templates/leaf/main.j2:3: "loopbak" is undefined' },
    });
    expect(second).toEqual({ device: 'leaf2', text: 'a\nleaf2\n1\n' });
  });

  it('says so where there is no role, no folder, no template', async () => {
    await expect(render('{% include "leaf/nope.j2" %}')).rejects.toThrow(
      'leaf1: templates/leaf/main.j2:1: there is no template "leaf/nope.j2"',
    );
    const found = await inventory('leaf1: {role: spine}');
    expect(renderAll(found, templates)).toMatchObject([
      { problem: { message: expect.stringContaining('there is no template "spine/main.j2"') } },
    ]);
    expect(renderAll(found, join(folder, 'gone'))).toMatchObject([
      { problem: { message: 'leaf1: there is no folder gone/' } },
    ]);
  });

  it('reads nothing outside of the folder of templates', async () => {
    await writeFile(join(folder, 'secret'), 'secret');
    await symlink(join(folder, 'secret'), join(templates, 'leaf', 'link.j2'));
    await symlink(folder, join(templates, 'up'));
    for (const name of [
      '../secret',
      'leaf/../../secret',
      '/etc/passwd',
      'leaf/link.j2',
      'up/secret',
      '..\\\\secret',
      './../secret',
    ]) {
      await expect(render(`{% include "${name}" %}`), name).rejects.toMatchObject({
        code: 'template_failed',
        message: expect.stringMatching(/is outside the templates folder|is a link to outside the templates folder/),
      });
    }
    await expect(render('{% include "leaf" %}')).rejects.toThrow('"leaf" is not a regular file');
    execFileSync('mkfifo', [join(templates, 'pipe.j2')]);
    await expect(render('{% include "pipe.j2" %}')).rejects.toThrow('"pipe.j2" is not a regular file');
  });

  it('renders a thousand devices for less than a few hundred alone cost', async () => {
    await cp(join(root, 'templates'), templates, { recursive: true });
    const found = await loadInventory(join(root, 'inventory.yml'));
    const leaf = found.devices.get('leaf1');
    if (!leaf) throw new Error('no leaf1');
    const devices = new Map(Array.from({ length: 1_000 }, (_, index) => [`d${index}`, { ...leaf, name: `d${index}` }]));
    const all = renderAll({ ...found, devices }, templates);
    expect(all.filter((one) => 'text' in one)).toHaveLength(1_000);
    const alone = { ...found, devices: new Map([['d0', { ...leaf, name: 'd0' }]]) };
    const [one = 0, thousand = 0] = costs(
      [() => renderAll(alone, templates), () => renderAll({ ...found, devices }, templates)],
      3,
    );
    expect(thousand / one).toBeLessThan(300); // templates are read and compiled once: about 90
  });
});
