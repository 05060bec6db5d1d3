import { relative } from 'node:path';
import { Command } from 'commander';
import { loadInventory } from '../../core/inventory/inventory.ts';
import type { Context } from '../context.ts';
import { deviceArgument, pickFromInventory, selectOption } from '../inventory/devices.ts';
import { needCheckout } from '../inventory/read-inventory.ts';
import { paintDiff } from '../output/colour.ts';
import { report } from '../output/failure.ts';
import { type Result, renderFiles } from '../render/files.ts';

/** Shows one result: diffs to stdout, everything else to stderr. */
const show = ({ out, err, colour }: Context, result: Result, folder: string): void => {
  if (result.kind === 'written') err(`${result.device}: wrote ${folder}/${result.device}.cfg\n`);
  else if (result.kind === 'differs') out(paintDiff(colour, result.diff));
  else if (result.kind === 'failed') err(report(result.problem));
};

/** The hint for a difference that `--check` found. */
const wayOut =
  "`plumb render` writes what the templates give, the lines with +; to keep those with -, move them into the templates, or remove the device's role";

const times = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`;

/** `plumb render`: writes the intended configurations from templates and inventory, or shows where they differ. */
export const renderVerb = (context: Context): Command =>
  new Command('render')
    .description('Write intended/configs/<device>.cfg from templates/<role>/main.j2 (or main.njk) and inventory.yml.')
    .argument('[device...]', `${deviceArgument}; default: all that have a role`)
    .addOption(selectOption())
    .option('--check', 'write nothing; print what differs, and exit with 1 if anything does')
    .addHelpText(
      'after',
      `
This alone changes no device: \`plumb up\` and \`plumb watch\` deploy what is in intended/.

Example:
  $ plumb render leaf1
  $ plumb render --check          in a commit hook or CI`,
    )
    .action(async (named: string[], { check = false, select }: { check?: boolean; select?: string }) => {
      const { config } = context;
      await needCheckout(config, 'render');
      // not the context's: what is committed must not depend on where a lab happens to run
      const inventory = await loadInventory(config.inventory);
      const wanted = { devices: named, select };
      const devices = named.length > 0 || select !== undefined ? pickFromInventory(inventory, wanted) : [];
      const folder = relative(config.folder, config.intended) || '.';
      const counts = { same: 0, written: 0, differs: 0, failed: 0 };
      const { templates, intended } = config;
      for await (const result of renderFiles({ inventory, templates, intended, devices, check })) {
        context.signal.throwIfAborted();
        counts[result.kind] += 1;
        show(context, result, folder);
      }
      const changed = check
        ? `${times(counts.differs, 'device')} ${counts.differs === 1 ? 'differs' : 'differ'}`
        : `${times(counts.written, 'file')} written`;
      const failed = counts.failed > 0 ? `, ${counts.failed} failed` : '';
      context.err(`${changed}, ${counts.same} unchanged${failed}\n`);
      if (counts.differs > 0) context.err(`  → ${wayOut}\n`);
      if (counts.failed > 0 || counts.differs > 0) context.exit(1);
    });
