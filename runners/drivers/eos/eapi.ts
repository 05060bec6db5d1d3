import { failures, PlumbError } from '../../../core/errors.ts';
import { redact } from '../../../core/redact/redact.ts';
import { type Patience, patience } from '../../dialogue/cli-driver.ts';
import type { Target } from '../../driver.ts';
import type { ConfigLine } from '../../session/text/config-lines.ts';
import { Eapi, type EapiCommand, EapiRefusal } from '../../transports/eapi/eapi.ts';
import type { EosCli } from './cli.ts';

type Command = { command: EapiCommand; number: number; text: string };

/**
 * Lines as eAPI takes them: what reads further lines is one command with `input`, and mode comments are a command.
 *
 * @returns commands with the file's line number of each
 */
export const eapiCommands = (lines: readonly ConfigLine[]): Command[] => {
  const out: Command[] = [];
  let block: { head: ConfigLine; body: string[] } | undefined;
  let comment: { number: number; body: string[] } | undefined;
  const flush = (): void => {
    if (comment) {
      const input = `${comment.body.join('\n')}\nEOF\n`;
      out.push({ command: { cmd: 'comment', input }, number: comment.number, text: '!!' });
    }
    comment = undefined;
  };
  for (const line of lines) {
    if (block) {
      block.body.push(line.text);
      if (line.open) continue;
      const cmd = block.head.text.trim();
      out.push({ command: { cmd, input: `${block.body.join('\n')}\n` }, number: block.head.number, text: cmd });
      block = undefined;
    } else if (line.open) {
      flush();
      block = { head: line, body: [] };
    } else if (/^\s*!!/.test(line.text)) {
      comment ??= { number: line.number, body: [] };
      comment.body.push(line.text.replace(/^\s*!! ?/, ''));
    } else {
      flush();
      out.push({ command: line.text.trim(), number: line.number, text: line.text.trim() });
    }
  }
  flush();
  return out;
};

const lostPollMs = 10_000;

/** The session is over: whoever opens the next one decides whether to try again. */
const isOver = ({ code }: PlumbError): boolean => code === 'unreachable' || failures[code].connection === 'refused';

/** What a refused command means, in our words. @param line of the file, where it came from one */
const refusal = ({ device, credentials }: Target, what: string, error: EapiRefusal, line?: number): PlumbError => {
  const { name } = device;
  const message = redact(`${name}: ${what}: ${error.message}`);
  const at = line === undefined ? {} : { line };
  switch (error.code) {
    case 1003:
      return new PlumbError('unsupported', message, { ...at, cause: error, hint: 'it has no JSON: ask for its text' });
    case 1005:
      return new PlumbError('rejected', message, {
        ...at,
        cause: error,
        hint: `the role of ${credentials.username} on ${name} does not allow it`,
      });
    default:
      return new PlumbError('rejected', message, { ...at, cause: error });
  }
};

/** A switch by eAPI. There is no connection to lose between calls: it is closed when it stops answering. */
export const openEosEapi = async (target: Target, signal: AbortSignal): Promise<EosCli> => {
  const eapi = new Eapi(target);
  let lose: (reason: string) => void = () => {};
  const closed = new Promise<string>((resolve) => {
    lose = resolve;
  });
  const run = async (
    commands: readonly EapiCommand[],
    format: 'json' | 'text',
    { totalMs }: Patience,
    until?: AbortSignal,
  ) => {
    try {
      return await eapi.run(commands, format, { timeoutMs: totalMs, ...(until ? { signal: until } : {}) });
    } catch (error) {
      if (error instanceof PlumbError && isOver(error)) lose(error.message);
      if (!(error instanceof EapiRefusal)) throw error;
      const refused = commands[error.index];
      throw refusal(target, `"${typeof refused === 'string' ? refused : (refused?.cmd ?? '')}"`, error);
    }
  };
  try {
    await run(['show hostname'], 'json', patience.show, signal);
  } catch (error) {
    await eapi[Symbol.asyncDispose]();
    throw error;
  }
  const text: EosCli['text'] = async (command, patient = patience.show) => {
    const [result] = await run([command], 'text', patient);
    return (result as { output?: string } | undefined)?.output ?? '';
  };
  return {
    target,
    text,
    run: text,
    json: async (command) => {
      const [result] = await run([command], 'json', patience.show);
      return result;
    },
    type: async (session, first, lines) => {
      const commands = eapiCommands(lines);
      const lead = [`configure session ${session}`, ...first];
      try {
        const all = [...lead, ...commands.map(({ command }) => command)];
        await eapi.run(all, 'text', { timeoutMs: patience.load.totalMs });
      } catch (error) {
        if (!(error instanceof EapiRefusal)) throw error;
        const refused = commands[error.index - lead.length];
        if (!refused) throw refusal(target, `"${lead[error.index] ?? ''}"`, error);
        const { number, text } = refused;
        throw refusal(target, `line ${number}: "${text}"`, error, number);
      }
    },
    alive: async () => {
      await run(['show hostname'], 'json', { silenceMs: lostPollMs, totalMs: lostPollMs });
    },
    closed,
    [Symbol.asyncDispose]: async () => {
      await eapi[Symbol.asyncDispose]();
      lose('closed by us');
    },
  };
};
