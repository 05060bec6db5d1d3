import { describe, expect, it } from 'vitest';
import { eventsOf } from '../../../web/data/event-stream.ts';

const streamOf = (chunks: readonly Uint8Array[]) =>
  new ReadableStream<Uint8Array>({
    start: (controller) => {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });

const collect = async (chunks: readonly Uint8Array[]) => {
  const all = [];
  for await (const events of eventsOf(streamOf(chunks))) all.push(...events);
  return all;
};

const bytes = new TextEncoder().encode(
  ': a sign of life\n\nevent: device\nid: 1-2\ndata: {"device":"caf\u00e9"}\n\nevent: bus\ndata: {"up":true}\n\nevent: dev',
);

describe('events of the server', () => {
  it.each([1, 2, 7, 1_000])('are the same however they are cut, here each %i bytes', async (size) => {
    const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
      bytes.slice(at * size, (at + 1) * size),
    );
    expect(await collect(chunks)).toEqual([
      { name: 'device', id: '1-2', data: '{"device":"caf\u00e9"}' },
      { name: 'bus', id: '', data: '{"up":true}' },
    ]);
  });
});
