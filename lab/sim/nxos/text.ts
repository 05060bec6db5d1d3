import { ctime } from '../clock.ts';
import { layOut } from '../config/render.ts';
import { type Node, value } from '../config/tree.ts';
import type { Device } from '../device.ts';

/** The host name that a configuration sets, or what the platform calls itself without one. */
export const hostname = (tree: Node): string => value(tree, 'hostname') ?? value(tree, 'switchname') ?? 'switch';

const body = (tree: Node): string => layOut({ indent: 2, separator: '' }, tree).join('\n');

/** `show running-config`. */
export const runningText = (device: Device): string =>
  `\n!Command: show running-config\n!Running configuration last done at: ${ctime(device.lastChange.at)}\n!Time: ${ctime(device.clock.now())}\n\n${body(device.running)}\n\n\n\n`;

/** `show startup-config`. */
export const startupText = (device: Device): string =>
  `\n!Command: show startup-config\n!Time: ${ctime(device.clock.now())}\n!Startup config saved at: ${ctime(device.lastChange.at)}\n\n${body(device.startup)}\n\n`;

/** What `checkpoint file` writes; only such a text can be rolled back to. */
export const checkpointText = (device: Device): string =>
  `\n!Command: Checkpoint cmd vdc 1\n!Time: ${ctime(device.clock.now())}\n\n${body(device.running)}\n`;

/** True for a text that the checkpoint command made. */
export const isCheckpoint = (text: string): boolean => /^\s*!Command: Checkpoint cmd vdc/.test(text);
