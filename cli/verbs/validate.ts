import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { explain, isOutcome, PlumbError } from '../../core/errors.ts';
import { ask } from '../../core/store/ask.ts';
import { didYouMean } from '../../engines/nearest.ts';
import {
  type Comparison,
  complianceReport,
  parseRules,
  type Report,
  type Rule,
  type Section,
} from '../../runners/validate/validate.ts';
import { each } from '../asking/each.ts';
import { author, startProgress, untilStopped } from '../asking/follow-job.ts';
import type { Context } from '../context.ts';
import { deviceArgument, pickDevices, selectOption, type Wanted } from '../inventory/devices.ts';
import { exitCode, report as reportError } from '../output/failure.ts';
import { type Column, type Format, outputOption, print } from '../output/output.ts';

/** The getters that can be asked of a device, and what they are called on the bus. */
const liveGetters = {
  get_facts: 'facts',
  get_bgp_neighbors: 'bgp',
  get_bgp_neighbors_detail: 'bgp-detail',
  get_interfaces_ip: 'interfaces-ip',
} as const;
type LiveGetter = keyof typeof liveGetters;
const isLive = (getter: string): getter is LiveGetter => Object.hasOwn(liveGetters, getter);

type Row = { device: string; check: string; section: Section };

/** The places where a comparison fails. */
const failures = ({ present, missing, extra }: Comparison, path = ''): string[] => [
  ...(Array.isArray(present)
    ? []
    : Object.entries(present).flatMap(([key, each]) => {
        const place = path === '' ? key : `${path}.${key}`;
        if (each.complies) return [];
        return each.diff
          ? failures(each.diff, place)
          : [`${place} is ${JSON.stringify(each.actual_value)}, expected ${JSON.stringify(each.expected_value)}`];
      })),
  ...missing.map((what) => `${path === '' ? '' : `${path}: `}${JSON.stringify(what)} is missing`),
  ...extra.map((what) => `${path === '' ? '' : `${path}: `}${JSON.stringify(what)} is not expected`),
];

const resultOf = ({ section }: Row) => ('skipped' in section ? 'skipped' : section.complies ? 'yes' : 'no');

const columns: readonly Column<Row>[] = [
  { head: 'DEVICE', cell: ({ device }) => device },
  { head: 'CHECK', cell: ({ check }) => check },
  {
    head: 'COMPLIES',
    cell: resultOf,
    colour: (row) => ({ yes: 'green', no: 'red', skipped: 'yellow' })[resultOf(row)] as 'green',
  },
  {
    head: 'DETAIL',
    cell: ({ section }) => ('skipped' in section ? section.reason : failures(section).join('; ')),
  },
];

/** Saved results: `get_facts.json` and so on. */
const savedResults = (folder: string) => {
  if (!existsSync(folder)) throw new PlumbError('invalid_request', `${folder}: there is no such folder`);
  return ({ getter, name }: Rule): unknown => {
    const path = [name, getter].map((each) => join(folder, `${each}.json`)).find((each) => existsSync(each));
    if (path === undefined) return undefined;
    try {
      return JSON.parse(readFileSync(path, 'utf8'));
    } catch (cause) {
      throw new PlumbError('invalid_request', `${path}: it is not JSON`, { cause });
    }
  };
};

/** What a device reports now, each getter queried once. */
const liveResults = async (context: Context, device: string, rules: readonly Rule[]) => {
  const store = await context.store();
  const found = new Map<string, unknown>();
  for (const getter of new Set(rules.map((rule) => rule.getter))) {
    if (!isLive(getter)) continue;
    const verb = liveGetters[getter];
    const asked = ask(store, device, verb, {}, { author: author(context.env) });
    try {
      const answer = (await untilStopped(context.signal, asked, device)) as Record<string, unknown>;
      found.set(getter, answer[verb] ?? answer);
    } catch (error) {
      if (!isOutcome(error, 'unsupported')) throw error; // else skipped, as by NAPALM
    }
  }
  return ({ getter }: Rule): unknown => found.get(getter);
};

/** NAPALM's other getters: known, but not queried here. */
const others =
  /^(?:get_(?:arp_table|bgp_config|config|environment|firewall_policies|interfaces|interfaces_counters|ipv6_neighbors_table|lldp_neighbors|lldp_neighbors_detail|mac_address_table|network_instances|ntp_peers|ntp_servers|ntp_stats|optics|probes_config|probes_results|route_to|snmp_information|users|vlans)|is_alive|ping|traceroute|cli)$/;

/** A check that is skipped because of a typo is not a check. */
const refuseUnknown = (rules: readonly Rule[], file: string): void => {
  for (const { getter } of rules) {
    if (isLive(getter) || others.test(getter)) continue;
    const known = Object.keys(liveGetters);
    throw new PlumbError('invalid_request', `${file}: ${getter}: no such getter${didYouMean(getter, known)}`, {
      hint: `devices can be asked for ${known.join(', ')}`,
    });
  }
};

const readRules = (file: string): Rule[] => {
  try {
    return parseRules(readFileSync(file, 'utf8'), file);
  } catch (cause) {
    if (cause instanceof PlumbError) throw cause;
    throw new PlumbError('invalid_request', `${file}: cannot be read: ${explain(cause)}`, {
      cause,
      hint: 'name a validation file; docs/parsing.md shows what it holds',
    });
  }
};

/** `plumb validate FILE`: devices' reports, compared with a NAPALM-style validation file. */
export const validateVerb = (context: Context): Command =>
  new Command('validate')
    .description('Compare what devices report about themselves with a NAPALM-style validation file.')
    .argument('<file>', 'YAML: a list of getters and what is expected of each')
    .argument('[device...]', deviceArgument)
    .addOption(selectOption())
    .option('--from <folder>', 'use saved results, get_facts.json and so on, instead of asking a device')
    .addOption(outputOption())
    .addHelpText(
      'after',
      `
Exit code: 1 if a device does not comply.

Example:
  $ plumb validate checks/leaf.yml leaf1 leaf2
  $ plumb validate checks/leaf.yml --from captures/leaf1 -o yaml`,
    )
    .action(async (file: string, devices: string[], options: Wanted & { from?: string; output: Format }) => {
      const { from, output, ...only } = options;
      const rules = readRules(file);
      const reports: [string, Report][] = [];
      if (from !== undefined) reports.push([from, complianceReport(rules, savedResults(from))]);
      else {
        refuseUnknown(rules, file);
        using progress = startProgress(context);
        const entries = await pickDevices(context, { ...only, devices });
        await each(entries, async ({ device }) => {
          progress.set(device, 'comparing');
          try {
            reports.push([device, complianceReport(rules, await liveResults(context, device, rules))]);
          } catch (error) {
            if (!isOutcome(error) || context.signal.aborted) throw error;
            progress.clear();
            context.err(reportError(error));
            context.exit(exitCode(error));
          } finally {
            progress.set(device, undefined);
          }
        });
        reports.sort(([one], [other]) => (one < other ? -1 : 1));
      }
      const rows = reports.flatMap(([device, report]) =>
        Object.entries(report).flatMap(([check, section]): Row[] =>
          typeof section === 'boolean' || Array.isArray(section) ? [] : [{ device, check, section }],
        ),
      );
      print(
        context,
        output,
        rows,
        columns,
        reports.map(([device, report]) => ({ device, report })),
      );
      if (reports.some(([, { complies }]) => !complies)) context.exit(1);
    });
