import { ctime, dateParts } from '../clock.ts';
import { type Layout, layOut, opensPart } from '../config/render.ts';
import { keyOf } from '../config/syntax.ts';
import { type Node, value } from '../config/tree.ts';
import { type Difference, missing, withoutReplaced } from '../config/tree-diff.ts';
import type { Device } from '../device.ts';
import { iosxrSyntax } from './syntax.ts';

/** The host name that a configuration sets, or what the platform calls itself without one. */
export const hostname = (tree: Node): string => value(tree, 'hostname') ?? 'ios';

const layout: Layout = {
  indent: 1,
  separator: 'none',
  closing: (node) => (opensPart(node) || /-set |^route-policy \S+$/.test(node.body ? node.text : '') ? '!' : undefined),
};

/** A configuration's own lines. */
export const body = (tree: Node): string[] => layOut(layout, tree);

/** The header that IOS-XR puts before each configuration. */
export const header = (version: string): string =>
  `Building configuration...\n!! IOS XR Configuration version = ${version}\n`;

/** The lines that can be loaded again: `show running-config` without what was built around it. */
export const configText = (device: Device, version: string): string =>
  `!! IOS XR Configuration version = ${version}\n!! Last configuration change at ${ctime(device.lastChange.at)} by ${device.lastChange.by}\n!\n${body(device.running).join('\n')}\nend\n`;

/** `show running-config`. */
export const runningText = (device: Device, version: string): string =>
  `Building configuration...\n${configText(device, version)}\n`;

/** The date line before every output. */
export const stamp = (device: Device): string => {
  const { day, month, date, time, ms } = dateParts(device.clock.now());
  return `${day} ${month} ${String(date).padStart(2)} ${time}.${ms} UTC\n`;
};

const signed = (differences: readonly Difference[], sign: string, all: boolean, depth = 0): string[] =>
  differences.flatMap(({ text, whole, node, children }) => {
    const pad = ' '.repeat(depth);
    const mark = whole || all ? sign : ' ';
    const opens = node.opens === true || children.length > 0;
    const closing = !opens ? [] : depth === 0 && !all ? [`   ${pad}!`] : [`${mark}  ${pad}!`];
    return [
      `${mark}  ${pad}${text}`,
      ...(node.body ?? []).map((line) => `${mark}  ${line}`),
      ...signed(children, sign, all, depth + 1),
      ...closing,
    ];
  });

/** `show commit changes diff`: what a merge changes. */
export const mergeDiff = (from: Node, to: Node): string[] => [
  ...signed(missing(from, to), '-', false),
  ...signed(missing(to, from), '+', false),
];

/** IOS-XR 6 lists every interface that a replace does not touch, as the recorded session shows. */
const untouched = (from: Node, to: Node): string[] =>
  to.children
    .filter(({ text }) => text.startsWith('interface ') && from.children.some((node) => node.text === text))
    .flatMap(({ text }) => [`+  ${text}`, '+  !']);

/** `show configuration changes diff`: what a replace changes. */
export const replaceDiff = (from: Node, to: Node, version: string): string[] => {
  const changed = [...signed(missing(from, to), '-', true), ...signed(missing(to, from), '+', true)];
  return version.startsWith('6.') && changed.length === 0 ? untouched(from, to) : changed;
};

const removals = (differences: readonly Difference[], depth: number): string[] =>
  differences.flatMap(({ text, whole, children }) =>
    whole
      ? [`${' '.repeat(depth)}${text.startsWith('no ') ? text.slice(3) : `no ${text}`}`]
      : [`${' '.repeat(depth)}${text}`, ...removals(children, depth + 1), `${' '.repeat(depth)}!`],
  );

const additions = (differences: readonly Difference[], depth: number): string[] =>
  differences.flatMap(({ text, node, children }) => {
    const pad = ' '.repeat(depth);
    return [
      `${pad}${text}`,
      ...(node.body ?? []),
      ...additions(children, depth + 1),
      ...(node.opens || children.length > 0 ? [`${pad}!`] : []),
    ];
  });

/** `show configuration`: the target as lines that lead to it. */
export const targetLines = (from: Node, to: Node): string[] => {
  const come = missing(to, from);
  const gone = withoutReplaced(missing(from, to), come, (text) => keyOf(iosxrSyntax, text));
  return [...removals(gone, 0), ...additions(come, 0)];
};
