import { describe, expect, it } from 'vitest';
import { change, fence } from '../../lab/proof/target.ts';
import { eos } from '../../runners/drivers/eos/platform.ts';
import { iosxr } from '../../runners/drivers/iosxr/platform.ts';
import { junos } from '../../runners/drivers/junos/platform.ts';
import { trialName } from '../../runners/trial-name.ts';
import { outputOf, typedBetween } from './replay.ts';
import { eosTerminal, merge, onRecorded, replace, widths } from './replay-driver.ts';
import type { Translate } from './replay-router.ts';

// Platforms with a candidate of their own: EOS, IOS-XR and Junos.

const copied = 'Copy completed successfully.';

describe('our driver for EOS on the recorded switch', () => {
  /** Recorded is `commit`; ours commits on trial first, looks at the sessions by JSON and keeps what ran as a file. */
  const translate =
    (name: string): Translate =>
    (line, before) => {
      const committed = before.some((each) => each.includes(' commit timer '));
      const diffed = before.some((each) => each.endsWith(' diffs'));
      const state = before.includes(`configure session ${name} commit`) ? 'completed' : 'pendingCommitTimer';
      if (line === 'show configuration sessions detail | json')
        return { say: JSON.stringify({ sessions: committed ? { [name]: { state } } : {} }) };
      if (line === 'end' && !diffed) return { say: '', prompt: 'localhost#' };
      if (line === `show session-config named ${name} diffs`) return 'show session-config diffs';
      if (line.startsWith('copy running-config flash:plumb-')) return { say: copied };
      if (line === `configure session ${name} commit timer 00:01:00`) return `configure session ${name} commit`;
      if (line === `configure session ${name} commit`) return { say: '' };
      if (line === `configure session ${name} abort`) return 'abort';
      if (line === 'write memory') return 'copy running-config startup-config';
      if (line === 'dir flash:') return { say: '' };
      return eosTerminal(line, before);
    };

  it('replaces the configuration, banner and all, shows the diff, commits and confirms', async () => {
    const name = change();
    await using device = await onRecorded(eos, `arista_eos.${replace}`, trialName(name), translate(trialName(name)));
    const config = typedBetween(device.exchanges, /^rollback clean-config$/, /^show session-config diffs$/);
    await using candidate = await device.session.load(config, 'replace', name);
    expect(await candidate.diff()).toMatch(/^@@ -246,11 \+246,7 @@\n[\s\S]*^- {3}speed forced 10000full$/m);
    await (await candidate.commit({ confirmSeconds: 60, fence })).confirm();
    expect(device.unknown()).toEqual([]);
    expect(device.recorded()).toBeGreaterThan(150);
  });

  it('merges, shows the diff and aborts', async () => {
    const name = change();
    await using device = await onRecorded(eos, `arista_eos.${merge}`, trialName(name), translate(trialName(name)));
    await using candidate = await device.session.load('interface loopback1\ndescription tacocat\n', 'merge', name);
    expect(await candidate.diff()).toContain('\n+interface Loopback1\n+   description tacocat\n');
    await candidate[Symbol.asyncDispose]();
    expect(device.unknown()).toEqual([]);
  });
});

describe('our driver for IOS-XR on the recorded router', () => {
  const config = 'RP/0/RP0/CPU0:ios(config)#';
  /** Recorded is `configure terminal` and `commit replace`; ours takes the lock and commits on trial. */
  const translate =
    (running: () => string): Translate =>
    (line, before) => {
      if (/^(?:do )?show configuration sessions detail$/.test(line)) return { say: '' };
      if (line === 'configure exclusive') return 'configure terminal';
      if (line === 'root' || line === 'exit') return { say: '', prompt: config };
      if (line === 'do show running-config') return 'show running-config';
      if (line.startsWith('commit replace confirmed 60 comment plumb-')) return 'commit replace';
      if (line === 'show running-config' && before.includes('end')) return { say: running() };
      return widths(line, before);
    };

  it('replaces the configuration, shows the diff, agrees to the commit, and undoes it', async () => {
    const router: { running: string } = { running: '' };
    await using device = await onRecorded(
      iosxr,
      `cisco_iosxr.${replace}`,
      '',
      translate(() => router.running),
    );
    router.running = device.exchanges
      .filter(({ lines }) => lines[0] === 'show running-config')
      .flatMap((exchange) => outputOf(exchange))
      .join('\n');
    const typed = typedBetween(device.exchanges, /^configure terminal$/, /^show configuration changes diff$/);
    await using candidate = await device.session.load(typed, 'replace', change());
    expect((await candidate.diff()).split('\n').slice(0, 3)).toEqual([
      '+  interface MgmtEth0/RP0/CPU0/0',
      '+  !',
      '+  interface GigabitEthernet0/0/0/0',
    ]);
    await (await candidate.commit({ confirmSeconds: 60, fence })).undo();
    expect(device.unknown()).toEqual([]);
    expect(device.recorded()).toBeGreaterThan(270);
  });

  it('merges, shows the diff and aborts', async () => {
    await using device = await onRecorded(
      iosxr,
      `cisco_iosxr.${merge}`,
      '',
      translate(() => ''),
    );
    const lines = 'interface loopback1\ndescription tacocat\n';
    await using candidate = await device.session.load(lines, 'merge', change());
    expect(await candidate.diff()).toBe('+  interface Loopback1\n+   description tacocat');
    await candidate[Symbol.asyncDispose]();
    expect(device.unknown()).toEqual([]);
  });
});

describe('our driver for Junos on the recorded router', () => {
  /** The recorded client loaded a file that it wrote by `echo`; ours types the text, and locks. */
  const translate: Translate = (line, before) => {
    const pasting = before.some((each) => /^load \w+ terminal$/.test(each)) && !before.includes('^D');
    const loads = before.find((each) => /^load \w+ terminal$/.test(each));
    if (pasting) return line === '^D' ? `${loads?.replace(' terminal', ' /config/scrapli_cfg_1')}` : { say: '' };
    if (line === 'show system commit | display xml') return { say: '<commit-information/>' };
    if (line === 'configure exclusive') return 'configure';
    if (/^load \w+ terminal$/.test(line)) return { say: '[Type ^D at a new line to end input]', prompt: '' };
    if (line === 'commit check') return { say: 'configuration check succeeds\n\n[edit]' };
    if (line.startsWith('commit confirmed 1 comment "plumb-')) return 'commit';
    if (line === 'rollback 0' && before.some((each) => each.startsWith('commit confirmed')))
      return { say: 'load complete\n\n[edit]' };
    return undefined;
  };
  const typed = (exchanges: readonly { lines: string[] }[]) =>
    exchanges.flatMap(({ lines: [line = ''] }) => /^echo >> \S+ '(.*)'$/.exec(line)?.[1] ?? []).join('\n');

  it('replaces the configuration, shows the diff and commits', async () => {
    await using device = await onRecorded(junos, `juniper_junos.${replace}`, 'scrapli_cfg_1', translate);
    await using candidate = await device.session.load(typed(device.exchanges), 'replace', change());
    expect(await candidate.diff()).toBe('');
    await candidate.commit({ confirmSeconds: 60, fence });
    expect(device.unknown()).toEqual([]);
  });

  it('merges, shows the diff and aborts', async () => {
    await using device = await onRecorded(junos, `juniper_junos.${merge}`, 'scrapli_cfg_1', translate);
    await using candidate = await device.session.load(typed(device.exchanges), 'merge', change());
    expect(await candidate.diff()).toBe('[edit interfaces fxp0 unit 0]\n+    description RACECAR;');
    await candidate[Symbol.asyncDispose]();
    expect(device.unknown()).toEqual([]);
  });
});
