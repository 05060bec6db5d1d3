import { afterEach, describe, expect, it, vi } from 'vitest';
import { FileParts } from '../../../../runners/requests/file-parts.ts';

const file = Buffer.from('0123456789');

describe('a file in several messages', () => {
  afterEach(() => vi.useRealTimers());

  it('is whole once its last part is there', () => {
    const parts = new FileParts('host1', () => {});
    expect(parts.take('a', 10, 0, file.subarray(0, 4))).toBeUndefined();
    expect(parts.take('a', 10, 4, file.subarray(4, 8))).toBeUndefined();
    expect(parts.take('a', 10, 8, file.subarray(8))).toEqual(file);
    expect(parts.take(undefined, 10, 0, file)).toEqual(file); // in one, under no job
    expect(parts.take(undefined, 0, 0, Buffer.alloc(0))).toEqual(Buffer.alloc(0));
  });

  it('is refused where a part is missing, comes twice, or is more than was said', () => {
    const parts = new FileParts('host1', () => {});
    for (const [size, offset, length] of [
      [10, 5, 2],
      [10, 0, 11],
      [11, 4, 2],
    ] as const) {
      parts.take('a', 10, 0, file.subarray(0, 4));
      const wrong = () => parts.take('a', size, offset, Buffer.alloc(length));
      expect(wrong).toThrow(/start again/);
      expect(() => parts.take('a', 10, 4, file.subarray(4))).toThrow(/start again/);
    }
    expect(() => parts.take('b', 10, 4, file.subarray(4))).toThrow(/is transferring no file/);
    expect(() => parts.take(undefined, 10, 0, file.subarray(4))).toThrow(/is transferring no file/);
  });

  it('is handed out part by part, and forgotten with the last', () => {
    const parts = new FileParts('host1', () => {});
    parts.keep('a', file);
    expect(parts.part('a', 4, 4).toString()).toBe('4567');
    expect(parts.part('a', 8, 4).toString()).toBe('89');
    expect(() => parts.part('a', 8, 4)).toThrow(/is transferring no file/);
  });

  it('does not fill the memory: two at a time, and none that nobody goes on with', () => {
    vi.useFakeTimers();
    const abandoned: string[] = [];
    const parts = new FileParts('host1', (job) => abandoned.push(job));
    parts.keep('a', file);
    parts.keep('b', file);
    expect(() => parts.keep('c', file)).toThrow(/2 files are already being transferred/);
    vi.advanceTimersByTime(50_000);
    parts.part('b', 2, 2);
    vi.advanceTimersByTime(30_000);
    parts.keep('c', file);
    expect(() => parts.part('a', 2, 2)).toThrow();
    expect(abandoned).toEqual(['a']);
    expect(parts.part('b', 2, 2).toString()).toBe('23');
  });
});
