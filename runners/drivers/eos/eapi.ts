import { failures, PlumbError } from '../../../core/errors.ts';
import { redact } from '../../../core/redact/redact.ts';
import { type Patience, patience } from '../../dialogue/cli-driver.ts';
import type { Target } from '../../driver.ts';
import type { ConfigLine } from '../../session/text/config-lines.ts';
import { Eapi, type EapiCommand, EapiRefusal } from '../../transports/eapi/eapi.ts';
import { type EosCli, withoutForm } from './cli.ts';

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
  switch (error.code) {
    case 1003:
      return new PlumbError('unsupported', message, {
        line,
        cause: error,
        hint: 'it has no JSON output: request text instead',
      });
    case 1005:
      return new PlumbError('rejected', message, {
        line,
        cause: error,
        hint: `the role of ${credentials.username} on ${name} does not allow it`,
      });
    default:
      return new PlumbError('rejected', message, { line, cause: error });
  }
};

const undefinedIfRefused = (error: unknown): undefined => {
  if (!(error instanceof EapiRefusal)) throw error;
};

/** A switch by eAPI. There is no connection to lose between calls: it is closed when it stops answering. */
export const openEosEapi = async (target: Target, signal: AbortSignal): Promise<EosCli> => {
  const eapi = new Eapi(target);
  let lose: (reason: string) => void = () => {};
  const closed = new Promise<string>((resolve) => {
    lose = resolve;
  });
  type Call = (
    commands: readonly EapiCommand[],
    format: 'json' | 'text',
    patient: Patience,
    until?: AbortSignal,
  ) => Promise<unknown[]>;
  const call: Call = async (commands, format, { totalMs }, until) => {
    try {
      return await eapi.run(commands, format, { timeoutMs: totalMs, signal: until });
    } catch (error) {
      if (error instanceof PlumbError && isOver(error)) lose(error.message);
      throw error;
    }
  };
  const run: Call = async (commands, ...rest) => {
    try {
      return await call(commands, ...rest);
    } catch (error) {
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
  /** In one call as far as the switch does not refuse any: it ends at the first one, which is left out of the next call. */
  const answers = async (commands: readonly string[], format: 'json' | 'text'): Promise<unknown[]> => {
    const out: unknown[] = [];
    while (out.length < commands.length) {
      const left = commands.slice(out.length);
      try {
        out.push(...(await call(left, format, patience.show)));
      } catch (error) {
        if (!(error instanceof EapiRefusal)) throw error;
        // an answer that does not hold what was done before tells of the first command alone, once that is asked alone
        if (error.done.length === error.index) out.push(...error.done, undefined);
        else out.push((await call(left.slice(0, 1), format, patience.show).catch(undefinedIfRefused))?.[0]);
      }
    }
    return out;
  };
  return {
    target,
    text,
    run: text,
    ask: async (requests) => {
      const commands = requests.map(withoutForm);
      const isText = (at: number) => commands[at] !== requests[at];
      const [json, texts] = await Promise.all([
        answers(
          commands.filter((_, at) => !isText(at)),
          'json',
        ),
        answers(
          commands.filter((_, at) => isText(at)),
          'text',
        ),
      ]);
      return requests.map((_, at) => {
        if (isText(at)) return (texts.shift() as { output?: string } | undefined)?.output;
        const answer = json.shift();
        return answer === undefined ? undefined : JSON.stringify(answer);
      });
    },
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
