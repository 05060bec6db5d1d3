import { parentPort, workerData } from 'node:worker_threads';
import { tellPlace } from '../../engines/jinja/limits.ts';
import { isOutcome, type PlumbError } from '../errors.ts';
import type { Inventory } from '../inventory/schema.ts';
import { openRenderer } from './render.ts';

/** What the thread is started with. */
export type WorkerData = { inventory: Inventory; templates: string; place: Int32Array };
/** What it answers to the name of a device. */
export type Answer = { text: string } | { problem: { message: string } & Pick<PlumbError, 'hint' | 'line'> };

const { inventory, templates, place } = workerData as WorkerData;
tellPlace(place);
const renderer = openRenderer(inventory, templates);

const render = (name: string): Answer => {
  const device = inventory.devices.get(name);
  if (!device) throw new Error(`${name}: not in the inventory that this thread was started with`);
  try {
    return { text: renderer.render(device) };
  } catch (error) {
    if (!isOutcome(error)) throw error;
    const { message, hint, line } = error;
    return { problem: { message, hint, line } };
  }
};

parentPort?.on('message', (name: string) => parentPort?.postMessage(render(name)));
