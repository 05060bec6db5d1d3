// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how TextFSM writes its Values
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parseCommandOutput } from '../../../../engines/textfsm/parse-output.ts';
import { findTemplates, parseIndex } from '../../../../engines/textfsm/template-index.ts';

const index = `# comment
Template, Hostname, Platform, Command

peers.textfsm:names.textfsm, .*, cisco_ios, sh[[ow]] ip b[[gp]] sum[[mary]]
version.textfsm, core.*, cisco_(ios|xe), sh[[ow]] ver[[sion]]
any.textfsm, .*, , sh[[ow]] clock
peers.textfsm:lonely.textfsm, .*, cisco_ios, show names
broken line
`;

describe('an index of templates', () => {
  const table = parseIndex(index, 'index');
  const find = (Platform: string, Command: string) => findTemplates(table, { Platform, Command });

  it('knows abbreviated commands, no shorter than it says', () => {
    for (const command of ['sh ip b sum', 'sho ip bg summ', 'show ip bgp summary']) {
      expect(find('cisco_ios', command)).toEqual(['peers.textfsm', 'names.textfsm']);
    }
    expect(find('cisco_ios', 's ip bgp sum')).toBeUndefined();
  });

  it('takes the first row whose patterns all match, an empty one matching everything', () => {
    expect(find('cisco_xe', 'show version')).toEqual(['version.textfsm']);
    expect(find('cisco_xr', 'show version')).toBeUndefined();
    expect(find('whatever', 'sh clock')).toEqual(['any.textfsm']);
    expect(findTemplates(table, { Platform: 'cisco_ios', Command: 'sh ver', Hostname: 'edge1' })).toBeUndefined();
  });

  it('is refused with its line when a pattern is broken', () => {
    expect(() => parseIndex('Template, Command\nx.textfsm, sh(\n', 'index')).toThrow(/^index, line 2: Command/);
    expect(() => parseIndex('Platform, Command\n', 'index')).toThrow(/none is Template/);
  });
});

describe('parsing what a command printed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'templates-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'index'), index);
  writeFileSync(
    join(folder, 'peers.textfsm'),
    'Value Key PEER (\\S+)\nValue AS (\\d+)\n\nStart\n  ^${PEER} ${AS} -> Record\n\nEOF\n',
  );
  writeFileSync(
    join(folder, 'names.textfsm'),
    'Value PEER (\\S+)\nValue NAME (\\w+)\n\nStart\n  ^${PEER} \\d+ ${NAME} -> Record\n\nEOF\n',
  );

  writeFileSync(join(folder, 'lonely.textfsm'), 'Value NAME (\\w+)\n\nStart\n  ^\\S+ \\d+ ${NAME}\n');

  it('joins the records of several templates by their Key', () => {
    expect(
      parseCommandOutput(folder, ['ios', 'cisco_ios'], 'sh ip bgp sum', '10.0.0.1 65001\n10.0.0.2 65002 spine\n'),
    ).toEqual([
      { peer: '10.0.0.1', as: '65001', name: '' },
      { peer: '10.0.0.2', as: '65002', name: 'spine' },
    ]);
  });

  it('says None, as clitable does, where an item of a List took no part in the match', () => {
    const own = join(folder, 'own');
    mkdirSync(own);
    writeFileSync(
      join(own, 'cisco_ios_show_none.textfsm'),
      'Value List VLAN (\\d+)\n\nStart\n  ^vlan(?: ${VLAN})?$$\n',
    );
    expect(parseCommandOutput(own, ['cisco_ios'], 'show none', 'vlan 1\nvlan\n')).toEqual([{ vlan: ['1', 'None'] }]);
  });

  it('gives each record the columns of all templates, those that found nothing too', () => {
    expect(parseCommandOutput(folder, ['ios', 'cisco_ios'], 'sh ip bgp sum', '10.0.0.1 65001\n')).toEqual([
      { peer: '10.0.0.1', as: '65001', name: '' },
    ]);
  });

  it('names the template that lacks the Value by which another is joined to it', () => {
    expect(() => parseCommandOutput(folder, ['ios', 'cisco_ios'], 'show names', '10.0.0.1 65001 spine\n')).toThrow(
      /^lonely.textfsm: it has no Value PEER, by which to join/,
    );
  });

  it('says so when there is no template for the command, or the file is missing', () => {
    expect(() => parseCommandOutput(folder, ['ios', 'cisco_ios'], 'show inventory', '')).toThrow(
      /no template is for "show inventory"/,
    );
    expect(() => parseCommandOutput(folder, ['ios', 'cisco_ios'], 'show clock', '')).toThrow(
      /any.textfsm: the template cannot be read/,
    );
  });
});
