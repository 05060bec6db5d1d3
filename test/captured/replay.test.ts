import { describe, expect, it } from 'vitest';
import type { CliDriver, Question } from '../../runners/dialogue/cli-driver.ts';
import { Dialogue } from '../../runners/dialogue/dialogue.ts';
import { cleanLine } from '../../runners/dialogue/reading/terminal-text.ts';
import { eosCli } from '../../runners/drivers/eos/ssh.ts';
import { iosCli } from '../../runners/drivers/ios/platform.ts';
import { iosxrCli } from '../../runners/drivers/iosxr/platform.ts';
import { junosCli } from '../../runners/drivers/junos/cli.ts';
import { nxosCli } from '../../runners/drivers/nxos/platform.ts';
import { type Exchange, exchangesOf, outputOf, password, stepsOf } from './replay.ts';
import { type Cut, cuts, RecordedDevice } from './replay-device.ts';

const platforms: Record<string, CliDriver> = {
  arista_eos: eosCli,
  cisco_iosxe: iosCli,
  cisco_iosxr: iosxrCli,
  cisco_nxos: nxosCli,
  juniper_junos: junosCli,
};
const sessions = ['get_config', 'merge_diff_and_abort', 'replace_diff_and_commit'] as const;
/** What the recorded NX-OS refused. IOS only says of its own that it rolled back: its driver looks for that. */
const refusals = [
  '"show diff rollback-patch running-config file bootflash:scrapli_cfg_1": ERROR: Rollback patch computation failed',
  '"rollback running-config file bootflash:scrapli_cfg_1": ERROR: Rollback patch computation failed',
];
/** How long our dialogue may wait: on a busy machine, too. */
const patient = { silenceMs: 20_000, totalMs: 60_000 };

const waitsOf = ({ parts }: Exchange): string => parts.join('').split('\n').at(-1) ?? '';

/** What was asked of the recorded client and is no question of the platform's own. */
const asked = ({ answers, parts }: Exchange): Question[] =>
  answers.flatMap((answer, at) => {
    const question = parts[at]
      ?.split('\n')
      .at(-1)
      ?.replace(/[[\]?]/g, '\\$&');
    return answer === password || answer === 'yes' ? [{ ask: new RegExp(`^${question}$`), answer }] : [];
  });

/** Commands that are typed in one go: a text that tclsh reads brings a prompt of its own with each line. */
const batchesOf = (exchanges: readonly Exchange[]): Exchange[][] => {
  const batches: Exchange[][] = [];
  let open = false;
  for (const exchange of exchanges) {
    if (open) batches.at(-1)?.push(exchange);
    else batches.push([exchange]);
    open = /^\+?> ?$/.test(waitsOf(exchange));
  }
  return batches;
};

/** Types what was typed then, and compares what is read with what was recorded. */
const retype = async (file: string, cli: CliDriver, cut: Cut) => {
  const steps = stepsOf(file, 'scrapli_cfg_1');
  const device = new RecordedDevice(steps, cut);
  const { typing: _, ...withoutTyping } = cli; // the recorded client quoted nothing
  await using dialogue = new Dialogue(device, { ...withoutTyping, setup: [] }, { name: 'r1' });
  await dialogue.start(patient);
  const refused: string[] = [];
  const differences: unknown[] = [];
  for (const batch of batchesOf(exchangesOf(steps).slice(0, -1))) {
    const lines = batch.flatMap((exchange) => exchange.lines);
    const within = batch.flatMap((exchange) => exchange.lines.map((_, at) => at > 0));
    const wanted = batch.map((exchange) =>
      outputOf(exchange)
        .map(cleanLine)
        .filter((line, at, all) => !(at === all.length - 1 && cli.promptLine?.test(line)))
        .filter((line) => !cli.noise?.some((noise) => noise.test(line)))
        .join('\n'),
    );
    try {
      const read = await dialogue.sendAll(lines, { ...patient, within, questions: batch.flatMap(asked) });
      // of a banner that is typed ahead, EOS prints the lines twice: they only must be told apart
      const apart = read.length === lines.length;
      if (!apart || (lines.length === batch.length && read.join('\f') !== wanted.join('\f')))
        differences.push({ lines, read, wanted });
    } catch (error) {
      refused.push((error as Error).message);
    }
    const waits = batch.slice(-1).map(waitsOf).join();
    if (dialogue.prompt !== waits) differences.push({ lines, prompt: dialogue.prompt, waits });
    if (device.lost || differences.length > 0) break;
  }
  const last = await dialogue.send('exit', patient).catch((error: Error) => error.message);
  return { differences, refused, lost: device.lost, left: device.left, last };
};

describe.each(Object.entries(platforms))('our dialogue on the recorded %s', (platform, cli) => {
  for (const session of sessions)
    it.each([
      ['in whole answers', cuts.whole()],
      ['byte by byte', cuts.bytes()],
      ['in random pieces', cuts.random(7)],
      ['in other random pieces', cuts.random(4711)],
    ])(
      `reads each output, knows each prompt and answers each question: ${session}, %s`,
      async (_, cut) => {
        const nxosReplaces = platform === 'cisco_nxos' && session === 'replace_diff_and_commit';
        expect(await retype(`${platform}.${session}.yaml`, cli, cut)).toEqual({
          differences: [],
          refused: nxosReplaces ? refusals.map((text) => expect.stringContaining(text)) : [],
          lost: undefined,
          left: 0,
          last: 'r1: the device hung up after "exit"',
        });
      },
      60_000,
    );
});
