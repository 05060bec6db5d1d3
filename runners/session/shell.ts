import { isOutcome, PlumbError } from '../../core/errors.ts';
import { oneAtATime } from '../../core/one-at-a-time.ts';
import { redact } from '../../core/redact/redact.ts';
import { type CliDriver, type Patience, patience, type Send } from '../dialogue/cli-driver.ts';
import { Dialogue } from '../dialogue/dialogue.ts';
import { withoutNumbers } from '../dialogue/prompt.ts';
import { refuseKeys } from '../dialogue/typing/typing.ts';
import type { Target } from '../driver.ts';
import { isLate, stoodStill } from '../transports/late.ts';
import { openSsh } from '../transports/ssh/ssh.ts';
import { sshOptions } from '../transports/ssh/target.ts';
import { openTelnet } from '../transports/telnet/telnet.ts';
import { batches, type ConfigLine } from './text/config-lines.ts';
import { sendTogether } from './together/send-together.ts';

/** A logged-in command line of a device, privileged, ready for commands. */
export type CliShell = AsyncDisposable & {
  name: string;
  target: Target;
  send: Send;
  /**
   * Sends a command that may lead anywhere. The session then stands where it stood, at the same prompt; one that does not is
   * closed, so that what is asked next is asked of the device and not of what the command has started.
   *
   * @param leave leaves configuration mode
   */
  run(command: string, options: Patience, leave: string): Promise<string>;
  /** Looks at lines before any is typed. @throws PlumbError `rejected` with the file's line number for one that cannot be */
  check(lines: readonly ConfigLine[]): void;
  /** Sends configuration lines pipelined. @returns what was said to them, where it is `unchecked` @throws PlumbError `rejected` with the file's line number */
  type(lines: readonly ConfigLine[], unchecked?: boolean): Promise<string>;
  press(key: string): void;
  readonly prompt: string;
  readonly configuring: boolean;
  alive(): Promise<void>;
  readonly closed: Promise<string>;
};

const pty = { rows: 10_000, cols: 511, term: 'vt100' };
const batchLines = 500;

const connect = async (target: Target, cli: CliDriver, signal: AbortSignal) => {
  if (target.device.transport === 'telnet') return openTelnet(target, cli, signal);
  const ssh = await openSsh(sshOptions(target), signal);
  try {
    const stream = await ssh.shell(pty, signal);
    return { stream, alive: () => ssh.alive(), closed: ssh.closed, close: () => ssh[Symbol.asyncDispose]() };
  } catch (error) {
    await ssh[Symbol.asyncDispose]();
    throw error;
  }
};

/** @throws PlumbError `unauthorized` */
const enable = async (dialogue: Dialogue, { device, credentials }: Target): Promise<void> => {
  if (!/>\s*$/.test(dialogue.prompt)) return;
  const refused = (cause?: unknown) =>
    new PlumbError('unauthorized', `${device.name}: "enable" was refused`, {
      cause,
      hint: 'set `enable` in the credentials, or give the user privilege 15',
    });
  let asked = false;
  try {
    const secret = credentials.enable ?? credentials.password;
    const questions = secret === undefined ? [] : [{ ask: /assword:\s*$/i, answer: secret }];
    await dialogue.send('enable', { questions: questions.map((each) => ({ ...each })), silenceMs: 10_000 });
    asked = true;
  } catch (error) {
    if (error instanceof PlumbError && error.code !== 'closed') throw refused(error);
    throw error;
  }
  if (!asked || />\s*$/.test(dialogue.prompt)) throw refused();
};

/** What the device said against a line of a batch, in terms of the operator's file: of a block, its first line. */
const inFile = (error: unknown, batch: readonly ConfigLine[], name: string): unknown => {
  if (!isOutcome(error, 'rejected')) return error;
  const [first, last] = [batch[0], batch.at(-1)];
  if (error.line === undefined && first && last && last !== first) {
    const said = error.message.replace(/^.*?: one of the lines sent: /s, '');
    const message = `${name}: one of lines ${first.number} to ${last.number}: ${said}`;
    return new PlumbError('rejected', redact(message), { cause: error.cause });
  }
  let at = (error.line ?? 1) - 1;
  while (batch[at - 1]?.open) at--;
  const line = batch[at];
  if (!line || line.number === 0) return error;
  const said = error.message.replace(/^.*?": /s, '');
  // the dialogue's own error is not its cause: it says the same, in terms of what was typed
  return new PlumbError('rejected', redact(`${name}: line ${line.number}: "${line.text.trim()}": ${said}`), {
    line: line.number,
    cause: error.cause,
  });
};

/** Slow devices read some twenty lines a second: what is sent in one go may take so long, if it goes on. */
const patienceFor = (lines: number) => ({ ...patience.load, totalMs: patience.load.totalMs + lines * 50 });

/**
 * Logs in by SSH or telnet and gets to the privileged prompt.
 *
 * @param privileged send `enable` where the prompt ends in `>`
 * @throws PlumbError as `Driver.open`
 */
export const openShell = async (
  target: Target,
  cli: CliDriver,
  privileged: boolean,
  signal: AbortSignal,
): Promise<CliShell> => {
  const { device, credentials } = target;
  const connection = await connect(target, cli, signal);
  const { username, password, enable: secret } = credentials;
  const secrets = { username, password, enable: secret };
  const dialogue = new Dialogue(connection.stream, cli, { name: device.name, secrets, fence: target.fence });
  connection.stream.resume(); // a telnet login paused it with the prompt in it
  connection.stream.once('close', () => void connection.close()); // without its shell a session is none
  let send: Send = sendTogether(dialogue);
  const abort = () => void connection.close();
  signal.addEventListener('abort', abort, { once: true });
  try {
    // paging and width can only be set once privileged on some systems: log in first
    await dialogue.greet();
    if (privileged) await enable(dialogue, target);
    await dialogue.setUp();
    if (cli.adapt) {
      const [inTurn, adapted] = [oneAtATime(), await cli.adapt(send, device.name)];
      send = (line, options) => inTurn(() => adapted(line, options));
    }
  } catch (error) {
    await connection.close();
    if (signal.aborted && !isLate(signal)) throw signal.reason;
    if (!isOutcome(error)) throw error;
    const stands = error.code === 'timeout' || (error.code === 'closed' && isLate(signal));
    throw stands ? stoodStill(device.name, device.platform, dialogue, error) : error;
  } finally {
    signal.removeEventListener('abort', abort);
  }
  const check = (lines: readonly ConfigLine[]): void => {
    for (const [index, { text, number, key }] of lines.entries())
      if (!key) refuseKeys(device.name, text, cli.typing, { number, within: lines[index - 1]?.open ?? false });
  };
  const close = async () => {
    await dialogue[Symbol.asyncDispose]();
    await connection.close();
  };
  return {
    name: device.name,
    target,
    send,
    run: async (command, options, leave) => {
      const home = withoutNumbers(dialogue.prompt);
      const { configuring } = dialogue;
      try {
        return await send(command, options);
      } finally {
        if (dialogue.configuring && !configuring)
          await send(leave, { unchecked: true, ...patience.show }).catch(() => {});
        if (!dialogue.framed && withoutNumbers(dialogue.prompt) !== home) await close();
      }
    },
    check,
    type: async (lines, unchecked = false) => {
      check(lines);
      const said: string[] = [];
      for (const part of batches(lines, batchLines)) {
        const texts = part.map(({ text }) => text);
        const within = part.map((_, index) => part[index - 1]?.open ?? false);
        try {
          said.push(...(await dialogue.sendAll(texts, { ...patienceFor(part.length), unchecked, within })));
        } catch (error) {
          throw inFile(error, part, device.name);
        }
      }
      return unchecked ? said.join('\n') : '';
    },
    press: (key) => dialogue.press(key),
    get prompt() {
      return dialogue.prompt;
    },
    get configuring() {
      return dialogue.configuring;
    },
    alive: connection.alive,
    closed: connection.closed,
    [Symbol.asyncDispose]: close,
  };
};
