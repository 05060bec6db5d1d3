import { explain, PlumbError } from '../../core/errors.ts';
import { redact } from '../../core/redact.ts';
import { type Patience, patience } from '../cli-driver.ts';
import type { ConfigLine } from '../cli-session-lines.ts';
import type { Target } from '../driver.ts';
import { Eapi, type EapiCommand, EapiRefusal } from '../transports/eapi.ts';
import type { EosCli } from './eos-cli.ts';

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

/** A switch by eAPI. There is no connection to lose between calls: it is closed when it stops answering. */
export const openEosEapi = async (target: Target): Promise<EosCli> => {
  const eapi = new Eapi(target);
  const name = target.device.name;
  let lose: (reason: string) => void = () => {};
  const closed = new Promise<string>((resolve) => {
    lose = resolve;
  });
  const run = async (commands: readonly EapiCommand[], format: 'json' | 'text', { totalMs }: Patience) => {
    try {
      return await eapi.run(commands, format, totalMs);
    } catch (error) {
      if (error instanceof PlumbError && error.code === 'unreachable') lose(error.message);
      if (!(error instanceof EapiRefusal)) throw error;
      const refused = commands[error.index];
      const text = typeof refused === 'string' ? refused : (refused?.cmd ?? '');
      throw new PlumbError('rejected', redact(`${name}: "${text}": ${error.message}`), { cause: error });
    }
  };
  try {
    await run(['show hostname'], 'json', patience.show);
  } catch (error) {
    await eapi[Symbol.asyncDispose]();
    throw error;
  }
  return {
    target,
    text: async (command, patient = patience.show) => {
      const [result] = await run([command], 'text', patient);
      return (result as { output?: string } | undefined)?.output ?? '';
    },
    json: async (command) => {
      const [result] = await run([command], 'json', patience.show);
      return result;
    },
    type: async (session, first, lines) => {
      const commands = eapiCommands(lines);
      const lead = [`configure session ${session}`, ...first];
      try {
        await eapi.run([...lead, ...commands.map(({ command }) => command)], 'text', patience.load.totalMs);
      } catch (error) {
        if (!(error instanceof EapiRefusal)) throw error;
        const refused = commands[error.index - lead.length];
        if (!refused) throw new PlumbError('rejected', `${name}: ${explain(error)}`, { cause: error });
        const { number, text } = refused;
        throw new PlumbError('rejected', redact(`${name}: line ${number}: "${text}": ${error.message}`), {
          line: number,
          cause: error,
        });
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
