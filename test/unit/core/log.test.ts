import { expect, it } from 'vitest';
import { logTo } from '../../../core/log.ts';

it('logs lines that hold neither a secret nor what steers a terminal, and are the same when they are read', () => {
  const lines: string[] = [];
  const log = logTo((line) => lines.push(line));
  const evil = 'evil\u001b]0;\u0007\u009b5n\u0085\u202e\u007f';
  log.info({ device: 'leaf1', said: evil }, `${evil}: neighbor 192.0.2.1 password hunter22`);
  const [line = ''] = lines;
  expect(line.trimEnd()).not.toMatch(/\p{Cc}|\p{Bidi_Control}|hunter22/u);
  expect(JSON.parse(line)).toMatchObject({
    device: 'leaf1',
    said: evil,
    msg: `${evil}: neighbor 192.0.2.1 password <secret>`,
  });
});
