import { once } from 'node:events';
import { basename } from 'node:path';
import { Worker } from 'node:worker_threads';
import { placeOf } from '../../engines/jinja/limits.ts';
import { explain, PlumbError } from '../errors.ts';
import type { Device, Inventory } from '../inventory/schema.ts';
import type { Answer, WorkerData } from './worker.ts';

/** Renders devices in a separate thread, one after the other. Dispose it to end the thread. */
type RendererApart = AsyncDisposable & {
  /** @throws PlumbError `template_failed` naming device, template, line and what is wrong */
  render(device: Device): Promise<string>;
};

// when the sources run directly, under test, a thread still needs the built JavaScript
const worker = new URL(
  import.meta.url.endsWith('.ts') ? '../../dist/core/render/worker.js' : './worker.js',
  import.meta.url,
);

/** The limits of the template language stop a runaway template within seconds; this stops what they do not see. */
const longestMs = 20_000;
const largestMb = 512;

const hint = 'docs/templates.md lists the limits of templates';

/**
 * Opens the templates of a folder for one inventory. A template that never ends, or fills the memory, ends with its
 * thread; the caller continues.
 */
export const openRendererApart = (
  inventory: Inventory,
  templates: string,
  { longest = longestMs }: { longest?: number } = {},
): RendererApart => {
  const place = new Int32Array(new SharedArrayBuffer(4 * 1024));
  let running: Worker | undefined;

  const begin = (): Worker => {
    place.fill(0);
    const workerData: WorkerData = { inventory, templates, place };
    return new Worker(worker, { workerData, resourceLimits: { maxOldGenerationSizeMb: largestMb } });
  };

  /** A thread that has failed is not used again: the next device gets another. */
  const end = async (device: Device, why: string, cause?: unknown): Promise<never> => {
    const at = placeOf(place);
    await running?.terminate();
    running = undefined;
    const line = at?.line === undefined ? '' : `:${at.line}`;
    const where = at ? `${basename(templates)}/${at.template}${line}: ` : '';
    throw new PlumbError('template_failed', `${device.name}: ${where}${why}`, {
      hint,
      cause,
      line: at?.line,
    });
  };

  const ask = async (device: Device): Promise<Answer> => {
    running ??= begin();
    running.ref();
    const signal = AbortSignal.timeout(longest);
    const answered = once(running, 'message', { signal });
    running.postMessage(device.name);
    try {
      const [answer] = await answered;
      running.unref(); // an idle thread does not keep the process alive
      return answer as Answer;
    } catch (cause) {
      if (signal.aborted) return end(device, `rendering it took more than ${longest / 1000} s and was stopped`);
      const full = (cause as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY';
      return end(device, full ? `rendering it took more than ${largestMb} MB and was stopped` : explain(cause), cause);
    }
  };

  return {
    render: async (device) => {
      const answer = await ask(device);
      if ('text' in answer) return answer.text;
      const { message, ...more } = answer.problem;
      throw new PlumbError('template_failed', message, more);
    },
    [Symbol.asyncDispose]: async () => {
      await running?.terminate();
    },
  };
};
