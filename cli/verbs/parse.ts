import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { isOutcome, PlumbError } from '../../core/errors.ts';
import { parserFor } from '../../runners/drivers/parsers.ts';
import { parseByTemplate, parseByTemplates } from '../../runners/drivers/textfsm.ts';
import { readCapture } from '../../runners/getters/capture.ts';
import { type CapturedInputs, inputsFromFolder } from '../../runners/getters/folder.ts';
import type { Configs, Getters } from '../../runners/getters/getter.ts';
import { napalmMasked } from '../../runners/getters/napalm/masks.ts';
import { toNapalm } from '../../runners/getters/napalm/shape.ts';
import { sanitize } from '../../runners/getters/sanitize.ts';
import { query } from '../../runners/requests/query.ts';
import type { Context } from '../context.ts';
import { asData } from '../output/output.ts';

type Flags = {
  platform?: string;
  getter?: string;
  shape: 'plumb' | 'napalm';
  sanitized?: true;
  retrieve: 'all' | keyof Configs;
  templates?: string;
  template?: string;
  command?: string;
  query?: string;
  output: 'json' | 'yaml';
};

/** NAPALM's names for them, and those of its tests. */
const aliases: Record<string, { getter: keyof Getters; sanitized?: true; retrieve?: keyof Configs }> = {
  get_facts: { getter: 'facts' },
  get_bgp_neighbors: { getter: 'bgp' },
  get_bgp_neighbors_detail: { getter: 'bgp-detail' },
  get_interfaces_ip: { getter: 'interfaces-ip' },
  get_config: { getter: 'config' },
  get_config_sanitized: { getter: 'config', sanitized: true },
  get_config_filtered: { getter: 'config', retrieve: 'candidate' },
};

const fail = (message: string, hint: string): never => {
  throw new PlumbError('invalid_request', message, { hint });
};

const isMasked = (file: string, from: string) => file.toLowerCase().startsWith(`show_${from}_config_sanitized.`);

/** Names the file that could not be parsed. */
const named = <T>(folder: string, inputs: CapturedInputs, parse: () => T): T => {
  try {
    return parse();
  } catch (error) {
    if (!isOutcome(error) || inputs.latest === undefined) throw error;
    const hint = error.hint ?? 'the getter reads the complete output of the device, and nothing else';
    throw new PlumbError(error.code, `${folder}/${inputs.latest}: ${error.message}`, { cause: error, hint });
  }
};

const foldersIn = (folder: string): string =>
  readdirSync(folder, { withFileTypes: true })
    .filter((each) => each.isDirectory())
    .slice(0, 3)
    .map(({ name }) => join(folder, name))
    .join(', ');

/** The captured output of one device, through one getter. */
const parseFolder = (folder: string, flags: Flags, context: Context): unknown => {
  const { platform: name = fail('which platform printed it?', 'give --platform eos'), getter: asked = 'facts' } = flags;
  const { name: platform, parser } = parserFor(name, folder);
  const alias = Object.hasOwn(aliases, asked) ? aliases[asked] : undefined;
  const getter = (alias?.getter ?? asked) as keyof Getters;
  const known = Object.hasOwn(parser.getters, getter) ? parser.getters[getter] : undefined;
  if (!known) {
    return fail(`${platform} has no getter ${asked}`, `it has ${Object.keys(parser.getters).join(', ')}`);
  }
  const sanitized = flags.sanitized ?? alias?.sanitized ?? false;
  const inputs = inputsFromFolder(parser, folder, { sanitized });
  const result = named(folder, inputs, () => known.parse(inputs));
  if (inputs.found.size === 0) {
    const example = inputs.names(known.requests[0] ?? '')[0];
    const within = foldersIn(folder);
    const hint = `such as ${example}${within === '' ? '' : `; one device each: is it in ${within}?`}`;
    return fail(`${folder}: it holds no output that ${getter} reads on ${platform}`, hint);
  }
  for (const [file, said] of inputs.refused)
    context.err(`plumb: ${folder}/${file}: the device refused this: ${said}\n`);
  const shaped = flags.shape === 'napalm' ? toNapalm(parser, getter, result, inputs) : result;
  if (getter !== 'config') return shaped;
  const retrieve = alias?.retrieve ?? flags.retrieve;
  const mask = (text: string) => (flags.shape === 'napalm' ? napalmMasked(text, parser.napalmMasks) : sanitize(text));
  return Object.fromEntries(
    Object.entries(shaped as Configs).map(([from, text]) => {
      if (retrieve !== 'all' && from !== retrieve) return [from, ''];
      // NAPALM takes what EOS masked unchanged
      const masked = flags.shape === 'napalm' && [...inputs.found].some((name) => isMasked(name, from));
      return [from, sanitized && !masked ? mask(text) : text];
    }),
  );
};

/** What one command printed, through a TextFSM template. */
const parseFile = (file: string, { templates, template, platform, command }: Flags): unknown => {
  const output = readCapture(file);
  if (template !== undefined) return parseByTemplate(readCapture(template), template, output);
  if (templates === undefined || platform === undefined || command === undefined) {
    return fail(
      'a template is found by its folder, the platform and the command',
      'give --templates, --platform and --command',
    );
  }
  return parseByTemplates(templates, platform, command, output);
};

/** `plumb parse`: captured outputs to structured data, without a device. */
export const parseVerb = (context: Context): Command =>
  new Command('parse')
    .description(
      'Parse captured output without a device: a folder of answers with a getter, or a single output with a TextFSM template.',
    )
    .argument('<path>', 'a folder of answers, one file per request; or the output of one command')
    .option(
      '--platform <platform>',
      'which platform printed it: eos, junos, iosxr, iosxr_cli, nxos, nxos_ssh, ios, frr, bird, linux, huawei_vrp …',
    )
    .option('--getter <getter>', 'facts, bgp, bgp-detail, interfaces-ip or config (default: facts)')
    .addOption(
      new Option('--shape <shape>', "our own shape, or NAPALM's exactly").choices(['plumb', 'napalm']).default('plumb'),
    )
    .option('--sanitized', 'mask the secrets of a configuration')
    .addOption(
      new Option('--retrieve <which>', 'which configurations, with the getter config')
        .choices(['all', 'running', 'startup', 'candidate'])
        .default('all'),
    )
    .option('--templates <folder>', 'TextFSM templates with their index, such as ntc-templates')
    .option('--template <file>', 'one TextFSM template')
    .option('--command <command>', 'the command that was run; may be abbreviated as the index allows')
    .option('--query <expression>', 'print only what this JMESPath selects')
    .addOption(new Option('-o, --output <format>', 'how to print it').choices(['json', 'yaml']).default('json'))
    .addHelpText(
      'after',
      `
A file is named after its request, with _ for every other character: show_ip_bgp_summary_vrf_all.json (docs/parsing.md).

Example:
  $ plumb parse --platform eos --getter bgp captures/leaf1
  $ plumb parse --templates ntc-templates/ntc_templates/templates --platform cisco_ios --command 'sh ip bgp sum' out.txt`,
    )
    .action((path: string, flags: Flags) => {
      const usesTemplate = flags.templates !== undefined || flags.template !== undefined;
      const result = usesTemplate ? parseFile(path, flags) : parseFolder(path, flags, context);
      const picked = flags.query === undefined ? result : query(result, flags.query);
      context.out(asData(flags.output, picked));
    });
