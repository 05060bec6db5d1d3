import { type Layout, layOut } from '../config/render.ts';
import { type Node, value } from '../config/tree.ts';
import type { Device } from '../device.ts';
import { changed } from './trial.ts';

const isFamily = ({ text, opens }: Node): boolean => opens === true && text.startsWith('address-family ');

const layout: Layout = {
  indent: 1,
  separator: '!',
  deep: ({ text }) => text === 'ip ssh pubkey-chain',
  opening: (node) => (isFamily(node) ? '!' : undefined),
  closing: (node) => (isFamily(node) ? 'exit-address-family' : undefined),
};

/** A configuration's own lines, from `version` to `end`. */
export const iosText = (tree: Node): string => [...layOut(layout, tree), 'end', ''].join('\n');

/** The host name that a configuration sets, or what the platform calls itself without one. */
export const hostname = (tree: Node): string => value(tree, 'hostname') ?? 'Router';

/** `show running-config`. */
export const runningText = (device: Device): string => {
  const text = `!\n! Last configuration change at ${changed(device.lastChange.at)} by ${device.lastChange.by}\n!\n${iosText(device.running)}`;
  return `Building configuration...\n\nCurrent configuration : ${Buffer.byteLength(text)} bytes\n${text}\n`;
};

/** `show startup-config`. */
export const startupText = (device: Device): string => {
  const text = iosText(device.startup);
  return `Using ${Buffer.byteLength(text)} out of 33554432 bytes\n!\n${text}\n`;
};
