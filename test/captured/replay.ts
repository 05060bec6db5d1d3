import { parse } from 'yaml';
import { readCaptured } from './folder.ts';

// Sessions that were recorded on real devices, as a device and as a client see them.

type Recorded = { channel_output: string; expected_channel_input: string | boolean };

/** What the device printed, and what the client typed then. `\n` and `\r` are typed as keys of their own. */
export type Step = { printed: string; typed: string };

/** A command (of a text that the device reads: all lines of it) with what the device said and what it asked meanwhile. */
export type Exchange = {
  lines: string[];
  /** After the echo and its line end, up to the next prompt, which is included; cut where the client answered a question. */
  parts: string[];
  answers: string[];
};

/** The password of every recorded login. */
export const password = 'recorded-canary';

/** The text of a file of the recordings. */
export const readRecorded = (file: string): string => readCaptured(`transcripts/${file}`);

/**
 * What happened in the shell, after the login.
 *
 * @param name stands in the place of the session or file name that the client chose
 */
export const stepsOf = (file: string, name: string): Step[] => {
  const [session] = Object.values(parse(readRecorded(file)) as Record<string, { interactions: Recorded[] }>);
  return (session?.interactions.slice(2) ?? []).map(({ channel_output, expected_channel_input: typed }) => ({
    printed: channel_output.replaceAll('__SCRAPLI_CFG_SESSION_NAME__', name),
    // an unquoted yes is a boolean of YAML
    typed:
      typed === true
        ? 'yes'
        : typed === 'REDACTED'
          ? password
          : String(typed).replaceAll('__SCRAPLI_CFG_SESSION_NAME__', name),
  }));
};

const isEnter = (typed: string) => typed === '\n' || typed === '\r';
const question = /(?:[Pp]assword: ?|\]\? ?|\[confirm\]|\[no\]: ?)$/;

const prompt = /[#>%] ?$/;

/** The commands that the client typed, in order. What it typed into a text without a prompt belongs to the command before. */
export const exchangesOf = (steps: readonly Step[]): Exchange[] => {
  const exchanges: Exchange[] = [];
  let current: Exchange | undefined;
  let line = '';
  let echo = '';
  for (const { printed, typed } of steps) {
    if (current && (echo === '' || printed !== echo)) current.parts.push(`${current.parts.pop() ?? ''}${printed}`);
    echo = '';
    if (!isEnter(typed)) {
      line = typed;
      echo = typed;
      continue;
    }
    const said = current?.parts.at(-1) ?? '';
    const waits = said.slice(said.lastIndexOf('\n') + 1);
    if (current && question.test(waits)) {
      current.answers.push(line);
      current.parts.push('');
    } else if (current && line !== '' && !prompt.test(waits)) {
      current.lines.push(line);
    } else {
      current = { lines: [line], parts: [''], answers: [] };
      exchanges.push(current);
    }
    line = '';
  }
  return exchanges;
};

/** The output of a command: without the rest of its echoed line and the prompt. */
export const outputOf = ({ parts }: Exchange): string[] => parts.join('').split('\n').slice(1, -1);

/** The text between two commands: the configuration that the client typed line by line. */
export const typedBetween = (exchanges: readonly Exchange[], from: RegExp, to: RegExp): string => {
  const first = exchanges.findIndex(({ lines }) => from.test(lines[0] ?? '')) + 1;
  const last = exchanges.findIndex(({ lines }, at) => at >= first && to.test(lines[0] ?? ''));
  return exchanges
    .slice(first, last)
    .flatMap(({ lines }) => lines)
    .map((line) => `${line}\n`)
    .join('');
};
