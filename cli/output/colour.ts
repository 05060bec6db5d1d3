import { inspect } from 'node:util';
import { styled } from './terminal.ts';

export type Colour = 'red' | 'green' | 'yellow' | 'cyan' | 'dim' | 'bold';

/** @returns the text in that colour where colours are wanted, else as it is */
export const paint = (wanted: boolean, colour: Colour | undefined, text: string): string =>
  wanted && colour ? styled(...codes(colour), text) : text;

const codes = (colour: Colour): [number, number] => inspect.colors[colour] ?? [0, 0];

/** A unified diff, or FRR's, Junos' or XR's own: what is added, what is removed, where. */
export const paintDiff = (wanted: boolean, diff: string): string =>
  wanted
    ? diff
        .split('\n')
        .map((line) => paint(true, colourOf(line), line))
        .join('\n')
    : diff;

const colourOf = (line: string): Colour | undefined => {
  if (/^(\+\+\+|---|@@|\[edit)/.test(line)) return 'cyan';
  if (line.startsWith('+')) return 'green';
  if (line.startsWith('-')) return 'red';
  return undefined;
};
