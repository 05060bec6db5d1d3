/** A server-sent event. */
export type ServerEvent = { name: string; id: string; data: string };

const read = (block: string): ServerEvent | undefined => {
  const event: ServerEvent = { name: 'message', id: '', data: '' };
  let has = false;
  for (const line of block.split('\n')) {
    const [, field = '', value = ''] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
    if (field === '') continue; // a comment
    has = true;
    if (field === 'event') event.name = value;
    else if (field === 'id') event.id = value;
    else if (field === 'data') event.data += `${event.data && '\n'}${value}`;
  }
  return has ? event : undefined;
};

/**
 * The events of a stream, as many at once as came together; none where only a sign of life came.
 * `EventSource` would do the same, but sends no key.
 */
export const eventsOf = async function* (body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent[]> {
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const blocks = (rest + decoder.decode(value, { stream: true })).split('\n\n');
      rest = blocks.pop() ?? '';
      yield blocks.flatMap((block) => read(block) ?? []);
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
};
