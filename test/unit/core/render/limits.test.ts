import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { loadInventory } from '../../../../core/inventory/inventory.ts';
import { openRendererApart } from '../../../../core/render/apart.ts';
import { folderOfTest } from '../../../folder.ts';

let folder: string;
beforeEach(async () => {
  folder = await folderOfTest('limits');
  await writeFile(
    join(folder, 'inventory.yml'),
    'site: dc1\ndevices:\n  bad: { platform: frr, role: bad }\n  good: { platform: frr, role: good }\n',
  );
  await mkdir(join(folder, 'templates/good'), { recursive: true });
  await mkdir(join(folder, 'templates/bad'));
  await writeFile(join(folder, 'templates/good/main.j2'), 'hostname {{ device.name }}\n');
});

const endless = {
  'loops in loops':
    '{% for a in range(9999) %}{% for b in range(9999) %}{% for c in range(9999) %}{% endfor %}{% endfor %}{% endfor %}',
  'a text that doubles': "{% set n = namespace(t='x') %}{% for i in range(99) %}{% set n.t = n.t ~ n.t %}{% endfor %}",
  'a text that is added to itself':
    "{% set n = namespace(t='x') %}{% for i in range(99) %}{% set n.t = n.t + n.t %}{% endfor %}",
  'a list that doubles': '{% set n = namespace(l=[1]) %}{% for i in range(99) %}{% set n.l = n.l + n.l %}{% endfor %}',
  'a number that squares': '{% set n = namespace(x=3) %}{% for i in range(99) %}{% set n.x = n.x * n.x %}{% endfor %}',
  'a power of a power': '{{ ((7 ** 4000) ** 4000) ** 4000 }}',
  'output without an end': "{% for i in range(99999) %}{{ 'x' * 1000 }}{% endfor %}",
  'a replacement that grows': "{{ ('a' * 1000000) | replace('a', 'b' * 1000) }}",
  'a join by a long mark': "{{ range(90000) | join('x' * 100000) }}",
  'a wide column': "{{ 'a' | center(999999999) }}",
  'a wide number': "{{ '%999999999d' % 1 }}",
  'many decimals': "{{ '%.999999999f' % 1.5 }}",
  'a deep indentation': "{{ 'a\\nb' | indent(999999999) }}",
  'slices without number': '{{ [1] | slice(999999999) | list }}',
  'lists of lists': '{{ ([[1] * 1000] * 10000) | sum(start=[]) | length }}',
  'a macro that calls itself': '{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}',
  'a recursive loop': '{% set l = [1] %}{% for x in l recursive %}{{ loop(l) }}{% endfor %}',
};

describe('a template that never ends', () => {
  it.each(Object.entries(endless))(
    '%s: is ended, with template and line, and the next device is rendered',
    async (_, text) => {
      await writeFile(join(folder, 'templates/bad/main.j2'), `first line\n${text}\n`);
      const inventory = await loadInventory(join(folder, 'inventory.yml'));
      await using renderer = openRendererApart(inventory, join(folder, 'templates'));
      const [bad, good] = [...inventory.devices.values()];
      if (!bad || !good) throw new Error('no devices');
      await expect(renderer.render(bad)).rejects.toMatchObject({
        code: 'template_failed',
        message: expect.stringMatching(
          /^bad: templates\/bad\/main\.j2:\d+: (?=\S).*(?:steps|large|circles|was stopped)/,
        ),
      });
      expect(await renderer.render(good)).toBe('hostname good\n');
    },
  );

  it('is ended by the clock where no limit sees it, and named', async () => {
    const slow = "{% for i in range(1) %}\n{{ ('ab' * 20000) | list | sort | unique | list | length }}{% endfor %}";
    await writeFile(join(folder, 'templates/bad/main.j2'), slow);
    const inventory = await loadInventory(join(folder, 'inventory.yml'));
    await using renderer = openRendererApart(inventory, join(folder, 'templates'), { longest: 1 });
    const [bad] = [...inventory.devices.values()];
    if (!bad) throw new Error('no devices');
    await expect(renderer.render(bad)).rejects.toMatchObject({
      code: 'template_failed',
      message: expect.stringMatching(/^bad: .*took more than 0\.001 s and was stopped$/),
    });
  });
});

describe('a large configuration', () => {
  it('is within the limits: 50,000 lines of what 1,000 devices have', async () => {
    const text = `{% for i in range(50000) %}
interface eth{{ i }}
 description to {{ 'leaf%05d' | format(i) }} {{ loop.index }}
{% endfor %}`;
    await writeFile(join(folder, 'templates/good/main.j2'), text);
    const inventory = await loadInventory(join(folder, 'inventory.yml'));
    await using renderer = openRendererApart(inventory, join(folder, 'templates'), { longest: 100_000 }); // by the clock: that is the machine's
    const good = inventory.devices.get('good');
    if (!good) throw new Error('no device');
    expect((await renderer.render(good)).split('\n')).toHaveLength(100_001);
  });
});
