import { describe, expect, it } from 'vitest';
import { explain, PlumbError } from '../../../core/errors.ts';

describe('what went wrong, in one line', () => {
  it.each([
    ['with its causes', new Error('a', { cause: new Error('b', { cause: 'c' }) }), 'a: b: c'],
    ['once, where the message tells the cause', new Error('a: b', { cause: new Error('b') }), 'a: b'],
    [
      'of NATS that did not answer',
      Object.assign(new Error('timeout'), { name: 'TimeoutError' }),
      'no answer from NATS in time',
    ],
    ['of what is no error', 'text', 'text'],
    ['without a cause that is not known', new PlumbError('closed', 'a', { cause: undefined }), 'a'],
  ])('is told %s', (_, error, text) => {
    expect(explain(error)).toBe(text);
  });
});
