import type { Duplex } from 'node:stream';

// Primary device attributes (ECMA-48, DA; DEC VT100 user guide, "What are you?"): the question, and a VT100 without options.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
const question = /\x1b\[0?c/g;
const answer = '\x1b[?1;0c';
const longest = 4;

/**
 * Says what terminal we are to whoever asks; newer fish and some switches wait for that before they prompt. For the login
 * alone: a file that is printed later may hold the same question, and nobody would read our answer as one.
 *
 * @returns ends it
 */
export const answerAsTerminal = (shell: Duplex, write: (answer: string) => void): (() => void) => {
  let before = '';
  const look = (chunk: Buffer | string) => {
    const text = before + (typeof chunk === 'string' ? chunk : chunk.toString('latin1'));
    const asked = [...text.matchAll(question)];
    for (const _ of asked) write(answer);
    const last = asked.at(-1);
    before = text.slice(last ? last.index + last[0].length : 0).slice(1 - longest);
  };
  shell.on('data', look);
  return () => shell.off('data', look);
};
