import type { CiscoCli } from '../cisco/cisco.ts';
import { dateParts } from '../clock.ts';
import { readLines } from '../config/read.ts';
import { refusedAtCommit } from '../config/refused-commit.ts';
import { keyOf } from '../config/syntax.ts';
import { cloneTree, emptyTree, type Node } from '../config/tree.ts';
import { type Difference, missing, withoutReplaced } from '../config/tree-diff.ts';
import type { Device } from '../device.ts';
import { nxosSyntax } from './syntax.ts';
import { isCheckpoint } from './text.ts';

/** A file of the flash by its path: `bootflash:x`, `/bootflash/x`, `x`. */
export const fileName = (path: string): string => path.replace(/^(?:bootflash:|\/bootflash)\/*/, '');

/** Checkpoints by name, and what the last replace came to. */
type Checkpoint = { tree: Node; by: string; at: number; description: string };
export type Store = { checkpoints: Map<string, Checkpoint>; log: string };

/** A command whole: a banner with its text, up to the mark that ends it. */
const entire = ({ text, node }: Difference): string => [text, ...(node.body ?? [])].join('\n');

const removals = (differences: readonly Difference[], depth: number): string[] =>
  differences.flatMap(({ text, whole, node, children }) => {
    const pad = ' '.repeat(depth * 2);
    if (!whole) return [`${pad}${text}`, ...removals(children, depth + 1)];
    if (text.startsWith('no ')) return [`${pad}${text.slice(3)}`];
    return [`${pad}no ${node.body ? keyOf(nxosSyntax, text) : text}`];
  });

const additions = (differences: readonly Difference[], depth: number): string[] =>
  differences.flatMap((one) => [`${' '.repeat(depth * 2)}${entire(one)}`, ...additions(one.children, depth + 1)]);

/** The commands that lead from one configuration to another: removals, then additions. */
const patch = (from: Node, to: Node): string[] => {
  const come = missing(to, from);
  const gone = withoutReplaced(missing(from, to), come, (text) => keyOf(nxosSyntax, text));
  return [...removals(gone, 0), ...additions(come, 0)];
};

/** Reads a text as the whole configuration; ports that it leaves out have their defaults. */
const readWhole = (device: Device, text: string): { tree: Node; failed: string[] } => {
  const { root, complaints } = readLines(nxosSyntax, text, emptyTree());
  const ports = device.running.children.filter((node) =>
    nxosSyntax.hardware.test(node.text.replace(/^interface /, '')),
  );
  const left = ports.filter((port) => !root.children.some(({ text: line }) => line === port.text));
  readLines(nxosSyntax, left.map(({ text: line }) => line).join('\n'), root);
  return { tree: root, failed: complaints.map((one) => one.text.trim()) };
};

const notCheckpoint =
  'ERROR: Rollback patch computation failed due to the following reason(s)\nThe checkpoint file was not created using checkpoint CLI\n';

type Source = { tree: Node; failed: string[] } | string;

const source = (device: Device, store: Store, kind: string, name: string): Source => {
  if (kind === 'running-config') return { tree: device.running, failed: [] };
  if (kind === 'startup-config') return { tree: device.startup, failed: [] };
  if (kind === 'checkpoint') {
    const tree = store.checkpoints.get(name)?.tree;
    return tree ? { tree, failed: [] } : `ERROR: Checkpoint ${name} does not exist\n`;
  }
  const text = device.files.get(fileName(name));
  if (text === undefined) return `ERROR: File ${name} does not exist\n`;
  return isCheckpoint(text) ? readWhole(device, text) : notCheckpoint;
};

/** `show diff rollback-patch A B`, each `running-config`, `checkpoint X` or `file X`. */
export const showPatch = ({ device }: CiscoCli, store: Store, text: string): string => {
  const sources = [...text.matchAll(/(running-config|startup-config)|(checkpoint|file) (\S+)/g)].map((match) =>
    source(device, store, match[1] ?? match[2] ?? '', match[3] ?? ''),
  );
  const [from, to] = sources;
  if (from === undefined || to === undefined) return '% Incomplete command\n';
  if (typeof from === 'string') return from;
  if (typeof to === 'string') return to;
  const lines = patch(from.tree, to.tree);
  return `Collecting Running-Config\nGenerating Rollback Patch\n${lines.length === 0 ? 'Rollback Patch is Empty\n' : `..\n\n!!\n${lines.map((line) => `${line.startsWith(' ') ? '' : '!\n'}${line}\n`).join('')}\n`}`;
};

const advisory = (what: string) => `ADVISORY: ${what} operation started...
Modifying running configuration from another VSH terminal in parallel
is not recommended, as this may lead to ${what} failure.

`;

/** `rollback running-config file X` and `checkpoint X`. */
export const rollback = async (
  { device, login }: CiscoCli,
  store: Store,
  kind: string,
  name: string,
): Promise<string> => {
  const found = source(device, store, kind, name);
  const head = advisory('Rollback');
  if (typeof found === 'string') return head + found;
  if (device.faults.commitMs > 0) await device.clock.wait(device.faults.commitMs);
  const collected = `${head}Collecting Running-Config\nGenerating Rollback Patch\n`;
  if (patch(device.running, found.tree).length === 0 && found.failed.length === 0)
    return `${collected}Rollback Patch is Empty\n\nRollback completed successfully.\n\n`;
  const executing = `${collected}Executing Rollback Patch\n`;
  const reason = device.faults.failCommit ?? found.failed[0];
  if (reason !== undefined)
    return `${executing}Syntax error while parsing '${reason}'\n\nRollback failed. Running-config was restored to the previous checkpoint.\n\n`;
  device.apply(cloneTree(found.tree), login.user);
  return `${executing}Generating Running-config for verification\nGenerating Patch for verification\nVerification is Successful.\n\nRollback completed successfully.\n\n`;
};

/** `configure replace bootflash:X [mode] [commit-timeout S]`. */
export const configureReplace = async (
  { device, login }: CiscoCli,
  store: Store,
  path: string,
  rest: string,
): Promise<string> => {
  const text = device.files.get(fileName(path));
  if (text === undefined) return `ERROR: File ${path} does not exist\n`;
  if (device.trial && !/show-patch|verify-only/.test(rest))
    return 'ERROR: Configure replace commit is pending. Please commit or wait for the commit-timeout.\n';
  const seconds = Number(/commit-timeout (\d+)/.exec(rest)?.[1] ?? 0);
  const { tree, failed } = readWhole(device, text);
  const lines = patch(device.running, tree);
  if (/show-patch/.test(rest))
    return `Collecting Running-Config\nConverting to checkpoint file\n#Generating Rollback Patch\n${lines.length === 0 ? 'Rollback Patch is Empty\n' : `!!\n${lines.map((line) => `${line}\n`).join('')}`}`;
  const head = `${failed.length === 0 ? 'Version match between user file and running configuration.\nPre-check for User config PASSED\n' : ''}${advisory('Config Replace')}`;
  const late = /verify-only/.test(rest) ? undefined : refusedAtCommit(device, tree)?.text;
  const reason = device.faults.failCommit ?? failed[0] ?? late;
  store.log = reason === undefined ? lines.join('\n') : `Syntax error while parsing '${reason}'`;
  if (reason !== undefined && !/best-effort/.test(rest))
    return `${head}Collecting Running-Config\nExecuting Rollback Patch\nSyntax error while parsing '${reason}'\n\nConfigure replace failed. Use 'show config-replace log exec' to see reasons\n`;
  if (device.faults.commitMs > 0) await device.clock.wait(device.faults.commitMs);
  const collected = `${head}Collecting Running-Config\nConverting to checkpoint file\n.Generating Rollback Patch\n`;
  if (/verify-only/.test(rest))
    return `${collected}Validating Patch\nRollback Patch validation completed successfully\nConfigure replace verify-only completed successfully.\n`;
  const before = cloneTree(device.running);
  device.apply(tree, login.user);
  if (seconds > 0) device.arm(`commit-timeout ${seconds}`, login, seconds, before);
  const verdict = `Configure replace completed successfully. Please run 'show config-replace log exec' to see if there is any configuration that requires reload to take effect.\n\n`;
  if (lines.length === 0) return `${collected}Rollback Patch is Empty\n${verdict}`;
  return `${collected}Executing Rollback Patch\nDuring CR operation,will retain L3 configuration\nwhen vrf member change on interface\nGenerating Running-config for verification\nGenerating Rollback Patch\n${verdict}`;
};

/** `show config-replace log exec`; no document shows a word of a timer in it. */
export const replaceLog = ({ device }: CiscoCli, { log }: Store): string => {
  const at = nxosDate(device.lastChange.at);
  return `Operation            : Config-replace to user config\nCheckpoint file name : .replace_tmp_13526\nScheme               : tmp\nCfg-replace done By  : ${device.lastChange.by}\nCfg-replace mode     : atomic\nVerbose              : disabled\nStart Time           : ${at}\n${log}\nEnd Time             : ${at}\nRollback Status      : ${/^Syntax error/.test(log) ? 'Failed' : 'Success'}\n`;
};

/** A date as NX-OS writes it beside a checkpoint. */
const nxosDate = (at: number): string => {
  const { day, month, date, time, year } = dateParts(at);
  return `${day}, ${time} ${date} ${month} ${year}`;
};

/** `show checkpoint summary`. */
export const checkpointSummary = ({ checkpoints }: Store): string =>
  [...checkpoints]
    .map(
      ([name, { tree, by, at, description }], index) =>
        `${index + 1}) ${name}:\nCreated by ${by}\nCreated at ${nxosDate(at)}\nSize is ${JSON.stringify(tree).length.toLocaleString('en')} bytes\nUser Checkpoint Summary\n${'-'.repeat(80)}\nDescription: ${description || 'None'}\n\n`,
    )
    .join('');
