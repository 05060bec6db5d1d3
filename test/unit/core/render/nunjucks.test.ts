import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { loadInventory } from '../../../../core/inventory/inventory.ts';
import { openRendererApart } from '../../../../core/render/apart.ts';
import { openRenderer } from '../../../../core/render/render.ts';
import { folderOfTest } from '../../../folder.ts';

let folder: string;
beforeEach(async () => {
  folder = await folderOfTest('njk');
  await mkdir(join(folder, 'templates/leaf'), { recursive: true });
  await writeFile(
    join(folder, 'inventory.yml'),
    `site: dc1
defaults: {platform: frr, role: leaf, vars: {mtu: 1.0, share: 1.5, vlans: {10: a, 20: b}, empty: [], ports: [{name: e1, up: true}, {name: e2, up: false}]}}
devices: {leaf1: {}}`,
  );
});

const put = (name: string, text: string) => writeFile(join(folder, 'templates', name), text);
const inventoryAndLeaf = async () => {
  const inventory = await loadInventory(join(folder, 'inventory.yml'));
  const leaf = inventory.devices.get('leaf1');
  if (!leaf) throw new Error('no leaf1');
  return { inventory, leaf };
};
const render = async (text: string, name = 'leaf/main.njk') => {
  await put(name, text);
  const { inventory, leaf } = await inventoryAndLeaf();
  return openRenderer(inventory, join(folder, 'templates')).render(leaf);
};

describe('a template of nunjucks', () => {
  it('means what it means to nunjucks, with its own filters and values', async () => {
    expect(await render('{{ true }} {{ mtu }} {{ share }} {{ [1, 2] }} {{ "a" if empty else "b" }}\n')).toBe(
      'true 1 1.5 1,2 a\n', // Jinja2 prints: True 1.0 1.5 [1, 2] b
    );
    expect(await render('{% for id, name in vlans %}{{ id }}{{ name }} {% endfor %}{{ vlans["10"] }}')).toBe(
      '10a 20b a\n',
    );
    expect(await render('{{ ports | selectattr("up") | length }} {{ "<a> & b" }} {{ "x" | dump }}')).toBe(
      '1 <a> & b "x"\n',
    );
    expect(await render('{% asyncEach p in ports %}{{ p.name }}{% endeach %}')).toBe('e1e2\n');
  });

  it('knows the device, the other devices and the site, and ends with one line end', async () => {
    expect(await render('{{ site }} {{ device.name }} {{ devices.leaf1.vars.ports[1].name }}\n\n\n')).toBe(
      'dc1 leaf1 e2\n',
    );
  });

  it.each([
    ['first\n{{ device.nmae }}\n', /^leaf1: templates\/leaf\/main\.njk:2: what it prints here is undefined or null$/],
    ['{{ 1 | nofilter }}', /^leaf1: templates\/leaf\/main\.njk: filter not found: nofilter$/],
    ['{% for %}', /^leaf1: templates\/leaf\/main\.njk:1: unexpected token/],
    ['{% include "leaf/none.njk" %}', /^leaf1: templates\/leaf\/main\.njk: template not found: leaf\/none\.njk$/],
    [
      '{% include "leaf/part.njk" %}',
      /^leaf1: templates\/leaf\/part\.njk:2: what it prints here is undefined or null$/,
    ],
    ['{% include "../inventory.yml" %}', /is outside the templates folder$/],
    ['{% include "leaf/link.njk" %}', /is a link to outside the templates folder$/],
    ['{{ "".constructor.constructor("return 1")() }}', /"constructor" is not for templates$/],
    ['{{ site["__pro" + "to__"] }}', /"__proto__" is not for templates$/],
    ['{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}', /call each other in circles$/],
  ])('tells what is wrong with %j', async (text, message) => {
    await put('leaf/part.njk', 'x\n{{ missing }}\n');
    await symlink(join(folder, 'inventory.yml'), join(folder, 'templates/leaf/link.njk'));
    await expect(render(text)).rejects.toMatchObject({
      code: 'template_failed',
      message: expect.stringMatching(message),
    });
  });

  it('neither takes nor is taken by one of Jinja2', async () => {
    await put('leaf/other.j2', 'x');
    await put('leaf/other.njk', 'x');
    for (const tag of ['include', 'extends']) {
      await expect(render(`{% ${tag} "leaf/other.j2" %}`)).rejects.toThrow(
        '"leaf/other.j2" is a Jinja2 template, and this one is nunjucks',
      );
    }
    await rm(join(folder, 'templates/leaf/main.njk'));
    for (const tag of ['include "leaf/other.njk"', 'extends "leaf/other.njk"', 'import "leaf/other.njk" as x']) {
      await expect(render(`{% ${tag} %}`, 'leaf/main.j2')).rejects.toThrow(
        'leaf/main.j2:1: "leaf/other.njk" is a nunjucks template, and this one is Jinja2',
      );
    }
  });

  it('is refused beside one of Jinja2 for the same role', async () => {
    await put('leaf/main.j2', 'x');
    await expect(render('y')).rejects.toThrow('leaf1: both leaf/main.j2 and leaf/main.njk exist');
  });

  it.each([
    [
      'loops',
      '{% for a in range(99999) %}{% for b in range(99999) %}{% for c in range(9) %}{% endfor %}{% endfor %}{% endfor %}',
      /main\.njk: .*was stopped$/,
    ],
    [
      'says without an end',
      '{% for a in range(999999) %}{{ "0123456789abcdef0123456789abcdef" }}{% endfor %}',
      /main\.njk: .*(?:too large|was stopped)/,
    ],
    ['counts', '{% for i in range(0, 999999999999) %}x{% endfor %}', /main\.njk: .*more than 1000000 items/],
    ['fills', '{{ [1] | batch(999999999, "x") | join }}', /main\.njk: .*more than 1000000 items/],
    [
      'doubles',
      '{% set t = "x" %}{% for i in range(40) %}{% set t = t + t %}{% endfor %}{{ t }}',
      /main\.njk: .*(?:too large|was stopped)/,
    ],
  ])('that %s without an end is ended, and named', async (_, text, message) => {
    await put('leaf/main.njk', text);
    const { inventory, leaf } = await inventoryAndLeaf();
    await using renderer = openRendererApart(inventory, join(folder, 'templates'), { longest: 3000 });
    await expect(renderer.render(leaf)).rejects.toThrow(message);
    await put('leaf/main.njk', 'hostname {{ device.name }}\n');
    await using next = openRendererApart(inventory, join(folder, 'templates'));
    expect(await next.render(leaf)).toBe('hostname leaf1\n');
  });
});
