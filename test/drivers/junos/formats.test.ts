import { afterEach, describe, expect, it } from 'vitest';
import { type Bench, bench } from '../../../lab/proof/bench.ts';
import { change, commit, fence } from '../../../lab/proof/target.ts';
import { junos } from '../../../runners/drivers/junos/platform.ts';

const text = (more = '') =>
  `system {\n    host-name r1;\n    root-authentication {\n        encrypted-password "$6$abc$def";\n    }\n}\n${more}`;

describe.each(['netconf', 'ssh'] as const)('Junos over %s', (transport) => {
  let router: Bench;
  const start = async () => {
    router = await bench(junos, transport, { platform: 'junos', config: text() });
    return router;
  };
  afterEach(() => router[Symbol.asyncDispose]());

  it.each([
    ['XML', '<configuration><system><host-name>r1</host-name></system></configuration>\n'],
    ['XML', '<?xml version="1.0"?>\n<configuration>\n</configuration>\n'],
    ['JSON', '{\n  "configuration": {"system": {"host-name": "r1"}}\n}\n'],
    ['JSON', '{"configuration": {}}\n'],
  ])('refuses a configuration in %s by name: %s', async (format, written) => {
    const { open } = await start();
    const session = await open();
    for (const mode of ['replace', 'merge'] as const) {
      await expect(session.load(written, mode, change())).rejects.toMatchObject({
        code: 'rejected',
        line: 1,
        message: `r1: line 1: the configuration is written in ${format}`,
      });
    }
  });

  it('merges set commands, and replaces nothing by them', async () => {
    const { open, sim } = await start();
    const session = await open();
    const written = 'set snmp location there\ndelete system host-name\nset system host-name r2\n';
    await expect(session.load(written, 'replace', change())).rejects.toMatchObject({ code: 'rejected', line: 1 });
    await using candidate = await session.load(written, 'merge', change());
    await (await candidate.commit({ confirmSeconds: 120, fence })).confirm();
    expect(sim.running).toContain('    host-name r2;\n');
    expect(sim.running).toContain('snmp {\n    location there;\n}\n');
  });

  it('shows an annotation that alone is changed as a difference, and keeps it', async () => {
    const { open, sim } = await start();
    const session = await open();
    const noted = text('/* what for; see "东" */\nsnmp {\n    /* since 2026 */\n    location there;\n}\n');
    await (await commit(session, noted, 120)).trial.confirm();
    expect(sim.running).toContain('/* what for; see "东" */\nsnmp {\n    /* since 2026 */\n    location there;');
    await using again = await session.load(noted.replace('since 2026', 'since 2027'), 'replace', change());
    expect(await again.diff()).toMatch(/^\[edit snmp\]\n- +\/\* since 2026 \*\/\n\+ +\/\* since 2027 \*\/$/);
  });
});

it('a reply of a Junos without its configuration is not an empty one', async () => {
  await using router = await bench(junos, 'netconf', { platform: 'junos', config: text() });
  const { box } = router.sim;
  const make = box.netconf?.bind(box);
  box.netconf = (login) => {
    const real = make?.(login);
    if (!real) throw new Error('the simulator has no NETCONF');
    return {
      capabilities: real.capabilities,
      reply: async (request) => {
        const answer = await real.reply(request);
        return answer.content.includes('<configuration-text') ? { content: '' } : answer;
      },
      close: () => real.close(),
    };
  };
  const session = await router.open();
  await expect(session.config('running')).rejects.toMatchObject({
    code: 'parse_failed',
    message: 'r1: the reply to <get-configuration> has no <configuration-text>',
  });
});
