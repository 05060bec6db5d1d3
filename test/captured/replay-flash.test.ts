import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { change, fence } from '../../lab/proof/target.ts';
import { Tcl } from '../../lab/sim/cisco/tcl.ts';
import { ios } from '../../runners/drivers/ios/platform.ts';
import { nxos } from '../../runners/drivers/nxos/platform.ts';
import { trialName } from '../../runners/trial-name.ts';
import { typedBetween } from './replay.ts';
import { merge, onRecorded, replace, widths } from './replay-driver.ts';
import type { Translate } from './replay-router.ts';

// Platforms that a file is uploaded to: IOS and NX-OS.

const written = /^(?:set fl|fconfigure|puts|close) /;

/** What a device's Tcl wrote of these lines. */
const fileOf = (lines: readonly string[]): string => {
  const files = new Map<string, string>();
  const tcl = new Tcl({ files, faults: { fullFlash: false } }, () => 'file');
  for (const line of lines) if (written.test(line)) tcl.feed(line);
  return files.get('file') ?? '';
};

/** The recorded client wrote its file otherwise, and asked for no sum and no time: ours is answered as a device would. */
const uploads: Translate = (line, before) => {
  if (written.test(line)) return { say: line.startsWith('set fl') ? 'file0' : '' };
  if (line === 'show clock') return { say: '*00:15:20.123 UTC Fri Nov 20 2020' };
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
      // what the recorded client did not ask: whether the replace that failed left something of it
      if (/^show archive config differences system:running-config flash:plumb-\S+\.trial$/.test(line))
        return { say: '!Contextual Config Diffs:\n-hostname csr1000v' };
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
    expect(device.recorded()).toBe(6);
  });

  it('does not use a file that arrived otherwise than it was sent', async () => {
    const name = change();
    const file = `${trialName(name)}.cfg`;
    await using device = await onRecorded(ios, `cisco_iosxe.${merge}`, file, (line, before) => {
      if (line.startsWith('verify /md5 ')) return { say: `verify /md5 (flash:${file}) = ${'0'.repeat(32)}` };
      return translate(trialName(name))(line, before);
    });
    await expect(device.session.load('interface loopback1\n', 'merge', name)).rejects.toMatchObject({
      code: 'commit_failed',
      message: expect.stringContaining(`r1: the candidate did not arrive as it was sent: MD5 ${'0'.repeat(32)}, not`),
    });
    expect(device.unknown()).toEqual([]);
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
