import { Command } from 'commander';
import { PlumbError } from '../../core/errors.ts';
import { platformNames } from '../../core/platform-names.ts';
import { didYouMean } from '../../engines/nearest.ts';
import type { Capabilities, Driver } from '../../runners/driver.ts';
import type { Context } from '../context.ts';
import { type Column, type Format, outputOption, print } from '../output/output.ts';

/** Every platform that has a driver, in the order of the inventory's names. */
export const allDrivers = async (): Promise<Driver[]> => {
  const { driverFor } = await import('../../runners/drivers/registry.ts');
  return platformNames().flatMap((platform) => {
    try {
      return [driverFor(platform)];
    } catch (error) {
      if (error instanceof PlumbError) return []; // a platform of the inventory without a driver yet
      throw error;
    }
  });
};

const yes = (value: boolean) => (value ? 'yes' : 'no');
const confirmCell = ({ trial, confirmFrom }: Capabilities) =>
  trial === 'none' ? '-' : confirmFrom === 'any' ? 'any session' : 'arming session';

/** The table of platforms; the README has the same. */
const platformColumns: readonly Column<Driver>[] = [
  { head: 'PLATFORM', cell: ({ platform }) => platform },
  { head: 'TRANSPORT', cell: ({ capabilities }) => capabilities.transports.join(', ') },
  { head: 'REPLACE', cell: ({ capabilities }) => capabilities.replace },
  { head: 'MERGE', cell: ({ capabilities }) => capabilities.merge },
  { head: 'DIFF', cell: ({ capabilities }) => capabilities.diff },
  { head: 'TRIAL', cell: ({ capabilities }) => capabilities.trial },
  { head: 'CONFIRM', cell: ({ capabilities }) => confirmCell(capabilities) },
  { head: 'COMMENT', cell: ({ capabilities }) => yes(capabilities.comment) },
  { head: 'STARTUP', cell: ({ capabilities }) => yes(capabilities.startup), wide: true },
  { head: 'FILES', cell: ({ capabilities }) => yes(capabilities.files === true), wide: true },
  { head: 'GETTERS', cell: ({ capabilities }) => capabilities.getters.join(', ') },
  { head: 'TESTED ON', cell: ({ capabilities }) => capabilities.tested },
];

const cell = (text: string) => text.replaceAll('|', '\\|') || '-';

/** The same table in the README's form. */
export const platformsMarkdown = (drivers: readonly Driver[]): string => {
  const columns = platformColumns.filter(({ wide }) => !wide);
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`;
  return [
    line(columns.map(({ head }) => head.toLowerCase())),
    line(columns.map(() => '---')),
    ...drivers.map((driver) => line(columns.map((column) => cell(column.cell(driver))))),
  ].join('');
};

const confirmWords = {
  any: "any session, including another runner's",
  armingSession: 'only the session that armed it',
};

/** What a trial means on a platform, a line each. */
const trialWords = (capabilities: Capabilities): string[] => {
  const { trial, trialUnitSeconds: unit, trialSeconds, confirmFrom, undo, neverEqual } = capabilities;
  if (trial === 'none') return ['no trial is possible: nothing is ever committed'];
  return [
    `a trial is confirmed by ${confirmWords[confirmFrom]}`,
    `its timer counts ${unit === 60 ? 'minutes' : unit === 1 ? 'seconds' : `steps of ${unit} s`}`,
    ...(trialSeconds
      ? [`a trial lasts ${trialSeconds.least} to ${trialSeconds.most} s; a job that asks for more says so`]
      : []),
    ...(undo ? [`undo: ${undo}`] : []),
    ...(neverEqual ? [`lines that never compare equal: ${neverEqual}`] : []),
  ];
};

/** `plumb platforms`: what each platform can do, and what it cannot. */
export const platformsVerb = (context: Context): Command =>
  new Command('platforms')
    .description(
      'List the platforms: transport, replace, merge, diff, trial, confirm, comment, getters, and what each was tested on.',
    )
    .argument('[platform...]', 'only these, with their limits')
    .option('--markdown', 'as the table in the README')
    .addOption(outputOption())
    .addHelpText('after', '\nExample:\n  $ plumb platforms -o wide\n  $ plumb platforms frr')
    .action(async (names: string[], { output, markdown }: { output: Format; markdown?: boolean }) => {
      const drivers = await allDrivers();
      const known = drivers.map(({ platform }) => platform as string);
      const unknown = names.find((name) => !known.includes(name));
      if (unknown !== undefined) {
        throw new PlumbError('invalid_request', `${unknown}: no such platform${didYouMean(unknown, known)}`, {
          hint: '`plumb platforms` lists them',
        });
      }
      const shown = drivers.filter(({ platform }) => names.length === 0 || names.includes(platform));
      if (markdown) return context.out(platformsMarkdown(shown));
      const records = shown.map(({ platform, capabilities }) => ({ platform, ...capabilities }));
      print(context, output, shown, platformColumns, records);
      if (names.length === 0 || (output !== 'table' && output !== 'wide')) return;
      const { readOnlyWords } = await import('../../runners/session/read-only.ts');
      for (const { platform, capabilities, readOnly, health = {} } of shown) {
        const reads = `read-only, so they need no --change: ${readOnlyWords(readOnly)}`;
        const sessions = capabilities.getters.includes('bgp') ? ['bgp', 'sent'] : [];
        const compared = ['login', ...sessions, ...Object.keys(health), 'probes'];
        const checks = `checked after the commit: ${compared.join(', ')}`;
        for (const line of [...trialWords(capabilities), checks, reads, ...capabilities.notes])
          context.out(`${platform}: ${line}\n`);
      }
    });
