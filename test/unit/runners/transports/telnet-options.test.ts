import { describe, expect, it } from 'vitest';
import { TelnetOptions, telnetEncode } from '../../../../runners/transports/telnet/options.ts';

const bytes = (...values: number[]) => Buffer.from(values);

describe('a telnet device that negotiates', () => {
  it('may echo and suppress go-ahead, and is told our window', () => {
    const options = new TelnetOptions([255, 24]);
    const { data, reply } = options.receive(bytes(255, 251, 1, 255, 251, 3, 255, 253, 31, 104, 105));
    expect(data.toString()).toBe('hi');
    expect([...reply]).toEqual([255, 253, 1, 255, 253, 3, 255, 251, 31, 255, 250, 31, 0, 255, 255, 0, 24, 255, 240]);
  });

  it('is refused everything else, once', () => {
    const options = new TelnetOptions();
    expect([...options.receive(bytes(255, 253, 24, 255, 251, 38)).reply]).toEqual([255, 252, 24, 255, 254, 38]);
    expect([...options.receive(bytes(255, 253, 24, 255, 254, 24, 255, 252, 38)).reply]).toEqual([]);
  });

  it('may split a command anywhere', () => {
    const wire = bytes(97, 255, 250, 24, 1, 255, 255, 255, 240, 98, 255, 255, 99, 13, 0, 13, 10, 255, 253, 3, 100);
    const options = new TelnetOptions();
    const parts = [...wire].map((byte) => options.receive(bytes(byte)));
    expect([...Buffer.concat(parts.map(({ data }) => data))]).toEqual([97, 98, 255, 99, 13, 13, 10, 100]);
    expect([...Buffer.concat(parts.map(({ reply }) => reply))]).toEqual([255, 251, 3]);
  });

  it('gets line ends as the protocol says, and 255 doubled', () => {
    expect([...telnetEncode('a\nb\r\nc\r')]).toEqual([97, 13, 10, 98, 13, 10, 99, 13, 0]);
    expect([...telnetEncode('ÿ')]).toEqual([...Buffer.from('ÿ')]);
  });
});
