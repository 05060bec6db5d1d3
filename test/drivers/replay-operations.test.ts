import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Tcl } from '../../lab/sim/tcl.ts';
import type { Driver, Session } from '../../runners/driver.ts';
import { eos } from '../../runners/drivers/eos.ts';
import { ios } from '../../runners/drivers/ios.ts';
import { iosxr } from '../../runners/drivers/iosxr.ts';
import { junos } from '../../runners/drivers/junos.ts';
import { nxos } from '../../runners/drivers/nxos.ts';
import { trialName } from '../../runners/trial-name.ts';
import { sshServer } from '../unit/runners/ssh-server.ts';
import { exchangesOf, outputOf, password, readRecorded, stepsOf, typedBetween } from './replay.ts';
import { RecordedRouter, type Translate } from './replay-router.ts';
import { change, fence, forever, targetOf } from './target.ts';

const replace = 'replace_diff_and_commit';
const merge = 'merge_diff_and_abort';

/** Logs our driver in to a recorded device by SSH. `name` stands for the name that the recorded client chose. */
const onRecorded = async (
  driver: Driver,
  recording: string,
  name: string,
  translate: Translate,
  options: Record<string, unknown> = {},
) => {
  const steps = stepsOf(`${recording}.yaml`, name);
  const routers: RecordedRouter[] = [];
  const server = await sshServer({
    shell: (channel) => {
      const router = new RecordedRouter(steps, translate);
      routers.push(router);
      channel.pipe(router).pipe(channel);
    },
  });
  const target = targetOf(
    { platform: driver.platform, transport: 'ssh', port: server.port, options },
    { knownHosts: server.options.knownHosts ?? '', username: 'boxen', password },
  );
  const session: Session = await driver.open(target, forever);
  return {
    session,
    exchanges: exchangesOf(steps),
    unknown: () => routers.flatMap((router) => router.unknown),
    recorded: () => routers.reduce((sum, router) => sum + router.recorded, 0),
    [Symbol.asyncDispose]: async () => {
      await session[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
};

/** What is as it is on every platform: the recorded client set another width. */
const widths: Translate = (line) => (line === 'terminal width 511' ? 'terminal width 512' : undefined);
const setUp: Record<string, [Driver, Translate]> = {
  arista_eos: [
    eos,
    (line, before) =>
      before.includes('enable') ? undefined : line.startsWith('terminal ') ? { say: '% Invalid input' } : undefined,
  ],
  cisco_iosxe: [ios, widths],
  cisco_iosxr: [iosxr, widths],
  cisco_nxos: [nxos, () => undefined],
  juniper_junos: [junos, () => undefined],
};

/** Without what a device makes anew when it first boots: salts, keys, its licence, the certificate of its own. */
const unborn = (config: string): string[] =>
  config
    .replace(/^crypto pki trustpoint TP-self-signed[\s\S]*?^!\n/m, '')
    .replace(/^crypto pki certificate chain TP-self-signed[\s\S]*?\tquit\n/m, '')
    .replace(/\$[156]\$[^\s";]+/g, 'HASH')
    .replace(/\b0x[0-9a-f]{32}\b/g, 'KEY')
    .replace(/(license udi .* sn ).*/, '$1SERIAL')
    .split('\n')
    .filter((line) => !/^!?$/.test(line.trim()));

describe.each(Object.entries(setUp))('our driver on the recorded %s', (platform, [driver, translate]) => {
  it.each(['get_config', merge, replace])('reads the running configuration: %s', async (session) => {
    const show = session === 'get_config' ? 'show configuration' : 'run show configuration';
    await using device = await onRecorded(
      driver,
      `${platform}.${session}`,
      'scrapli_cfg_1',
      (line, before) => translate(line, before) ?? (line === 'show configuration' ? show : undefined),
    );
    const read = driver.normalise(await device.session.config('running'));
    const wanted = driver.normalise(readRecorded(`${platform}.expected-running-config.txt`));
    expect(device.unknown()).toEqual([]);
    if (session === 'get_config') expect(unborn(read)).toEqual(unborn(wanted));
    expect(driver.hostname(read)).toBe(driver.hostname(wanted));
  });
});

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
      return setUp.arista_eos?.[1](line, before);
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

const written = /^(?:set fl|fconfigure|puts|close) /;

/** What a device's Tcl wrote of these lines. */
const fileOf = (lines: readonly string[]): string => {
  const files = new Map<string, string>();
  const tcl = new Tcl({ files, faults: { fullFlash: false } }, () => 'file');
  for (const line of lines) if (written.test(line)) tcl.feed(line);
  return files.get('file') ?? '';
};

/** The recorded client wrote its file otherwise, and asked for no sum: ours is answered as a device would. */
const uploads: Translate = (line, before) => {
  if (written.test(line)) return { say: line.startsWith('set fl') ? 'file0' : '' };
  if (/^verify \/md5 |md5sum$/.test(line)) return { say: createHash('md5').update(fileOf(before)).digest('hex') };
  return undefined;
};

describe('our driver for IOS on the recorded router', () => {
  const translate =
    (name: string): Translate =>
    (line, before) => {
      const file = `${name}.cfg`;
      if (line === 'show archive config rollback timer') return { say: '' };
      if (line === 'dir flash:')
        return { say: [file, ...before.flatMap((each) => /plumb-\S+\.trial/.exec(each)?.[0] ?? [])].join('\n') };
      if (/^copy running-config flash:plumb-/.test(line)) return { say: '7021 bytes copied in 0.123 secs' };
      if (line === `configure replace flash:${file} force revert trigger error timer 1`)
        return `configure replace flash:${file} force`;
      if (line === `delete /force flash:${file}`) return `delete flash:${file}`;
      if (/^(?:copy|delete \/force) flash:plumb-/.test(line)) return { say: '' };
      return uploads(line, before) ?? widths(line, before);
    };

  it('uploads the file, shows the diff, and names the line that the replace failed for', async () => {
    const name = change();
    const file = `${trialName(name)}.cfg`;
    const options = { plainSecrets: true }; // its `password 0` is one that IOS keeps as it is
    await using device = await onRecorded(ios, `cisco_iosxe.${replace}`, file, translate(trialName(name)), options);
    const config = typedBetween(device.exchanges, /^puts \[open /, /^\}$/);
    const license = 'license udi pid CSR1000V sn 9MVVU09YZFH';
    const line = config.split('\n').indexOf(license) + 1;
    await using candidate = await device.session.load(config, 'replace', name);
    expect(await candidate.diff()).toMatch(new RegExp(`^\\+${license}\n-crypto pki trustpoint TP-self`));
    await expect(candidate.commit({ confirmSeconds: 60, fence })).rejects.toMatchObject({
      code: 'rejected',
      line,
      message: `r1: line ${line}: "${license}": Rollback aborted after 5 passes`,
    });
    expect(device.unknown()).toEqual([]);
    expect(device.recorded()).toBeGreaterThan(6);
  });

  it('merges, shows the diff and takes the file away again', async () => {
    const name = change();
    const file = `${trialName(name)}.cfg`;
    await using device = await onRecorded(ios, `cisco_iosxe.${merge}`, file, (line, before) =>
      // ours ends the file with `end`
      line === 'end' ? { say: '' } : translate(trialName(name))(line, before),
    );
    await using candidate = await device.session.load('interface loopback1\ndescription tacocat\n', 'merge', name);
    expect(await candidate.diff()).toBe('interface loopback1\ndescription tacocat');
    await candidate[Symbol.asyncDispose]();
    expect(device.unknown()).toEqual([]);
  });
});

describe('our driver for NX-OS on the recorded switch', () => {
  it('uploads the file, and says why the switch refuses it', async () => {
    const name = change();
    const file = `${trialName(name)}.cfg`;
    await using device = await onRecorded(nxos, `cisco_nxos.${replace}`, file, (line, before) => {
      if (line === 'show checkpoint summary') return { say: '' };
      if (line === 'dir bootflash:') return { say: `   4682    Nov 20 00:15:18 2021  ${file}` };
      if (line === `configure replace bootflash:${file} verify-only`)
        return `rollback running-config file bootflash:${file}`;
      return line === `delete bootflash:${file} no-prompt` ? `delete bootflash:${file}` : uploads(line, before);
    });
    const config = device.exchanges
      .flatMap(({ lines: [line = ''] }) => /^puts -nonewline \$fl \{(.*)$/.exec(line)?.[1] ?? [])
      .join('\n');
    await expect(device.session.load(config, 'replace', name)).rejects.toMatchObject({
      code: 'rejected',
      message: 'r1: ERROR: Rollback patch computation failed due to the following reason(s)',
    });
    expect(device.unknown()).toEqual([]);
    expect(device.recorded()).toBeGreaterThan(5);
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
