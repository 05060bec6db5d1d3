import { describe, expect, it } from 'vitest';
import { learnPrompt } from '../../../../runners/dialogue/prompt.ts';

const any = { prompt: /[>#$%\]]\s?$/, errors: [], setup: [] };

describe('the prompt that is learned from a device', () => {
  it.each([
    ['eos', 'leaf1#', ['leaf1>', 'leaf1(config)#', 'leaf1(config-s-plumb)#', 'leaf1(s1)(config-if-Et1)#']],
    ['ios', 'router-1.example#', ['router-1.example(config-router-af)#']],
    ['iosxr', 'RP/0/RSP0/CPU0:a-very-long-host-name-1#', ['RP/0/RSP0/CPU0:a-very-long-host(config)#']],
    ['nxos', 'nx1# ', ['nx1(config-if)# ', 'nx1(maint-mode)# ']],
    ['junos', 'admin@mx1> ', ['admin@mx1# ']],
    ['frr', 'leaf1# ', ['leaf1(config-router)# ']],
    ['huawei', '<core1>', ['[core1]', '[~core1-GigabitEthernet0/0/1]', '[*core1]']],
    ['linux', 'root@leaf1:~# ', ['root@leaf1:~$ ']],
  ])('fits %s in every mode', (_platform, seen, others) => {
    const learned = learnPrompt(any, seen);
    for (const prompt of [seen, ...others]) expect(prompt).toMatch(learned ?? /^never$/);
  });

  it('does not fit the prompt of another device, or a line that only begins like it', () => {
    const learned = learnPrompt(any, 'leaf1# ') ?? /./;
    for (const line of ['leaf2# ', 'spine1#', 'leaf1# show version', 'interface #', 'uptime of leaf1#']) {
      expect(line).not.toMatch(learned);
    }
    expect(learnPrompt(any, 'no prompt')).toBeUndefined();
  });
});
