import { PlumbError } from '../../../core/errors.ts';
import type { Target } from '../../driver.ts';
import { EapiHttp } from './http.ts';

/** A command, or one with the lines that it reads after itself: a banner, a certificate, the enable secret. */
export type EapiCommand = string | { cmd: string; input: string };
type EapiFormat = 'json' | 'text';

/** The list of commands ended early: which one failed, and what the switch said about it. */
export class EapiRefusal extends Error {
  override readonly name = 'EapiRefusal';
  /** Index of the refused command. */
  readonly index: number;
  /** 1002: the command was refused; 1003: it has no JSON form; 1005: not authorised. */
  readonly code: number;
  /** Results of the commands before it. */
  readonly done: readonly unknown[];

  constructor(index: number, code: number, message: string, done: readonly unknown[]) {
    super(message);
    this.index = index;
    this.code = code;
    this.done = done;
  }
}

/** What a call asked: an answer that the connection still held, to an earlier one, is not its answer. */
type Asked = { id: string; commands: number; format: EapiFormat };

type Answer = {
  result?: unknown[];
  error?: { code: number; message: string; data: { errors?: string[] }[] };
};

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isResult = (value: unknown, format: EapiFormat): boolean =>
  isRecord(value) && (format === 'json' || value.output === undefined || typeof value.output === 'string');

/** What should be a text, as a switch sent it. */
const asText = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing'));

/** @throws TypeError for what is no answer to that call, whoever wrote it */
const answerOf = (value: unknown, { id: asked, commands, format }: Asked): Answer => {
  if (!isRecord(value)) throw new TypeError('it is not an object');
  const { id, result, error } = value;
  if (id !== undefined && id !== null && id !== asked)
    throw new TypeError(`it answers the request ${JSON.stringify(id)}, and ${JSON.stringify(asked)} was asked`);
  if (error === undefined || error === null) {
    if (!Array.isArray(result)) throw new TypeError('it has neither a result nor an error');
    if (result.length !== commands) throw new TypeError(`it has ${result.length} results of ${commands} commands`);
    // empty output would be read from it, as if the command had printed nothing
    if (!result.every((each) => isResult(each, format)))
      throw new TypeError('a result in it is not an object, or its output is not a text');
    return { result };
  }
  if (!isRecord(error)) throw new TypeError('its error is not an object');
  const { code, message, data } = error;
  const elements = (Array.isArray(data) ? data : []).map((element: unknown) => {
    const { errors, ...rest } = isRecord(element) ? element : {};
    return errors === undefined ? rest : { ...rest, errors: [errors].flat().map(asText) };
  });
  return { error: { code: Number(code), message: asText(message), data: elements } };
};

const defaultTimeoutMs = 60_000;

/** What a switch repeats of a command's `input` (the enable secret, a certificate), quoted who knows how, is not for messages. */
const withoutInputs = (said: string, commands: readonly EapiCommand[]): string => {
  const inputs = commands.flatMap((command) =>
    typeof command === 'string' ? [] : [command.input, command.input.trim()],
  );
  const masked = inputs.filter(Boolean).reduce((text, input) => text.replaceAll(input, '<secret>'), said);
  return masked.replace(/(\binput=|(['"])input\2\s*:).*$/s, '$1<secret>');
};

/** Arista's eAPI: JSON-RPC over HTTP(S). Each call is a command line of its own: nothing is remembered between calls. */
export class Eapi implements AsyncDisposable {
  readonly #target: Target;
  readonly #http: EapiHttp;
  #id = 0;

  constructor(target: Target) {
    this.#target = target;
    this.#http = new EapiHttp(target);
  }

  /**
   * @param options.signal aborts it
   * @returns one element a command: an object, or `{output}` for text
   * @throws EapiRefusal when the switch refuses a command; PlumbError `unauthorized`, `unreachable`, `timeout`,
   *   `host_key_unknown`, `host_key_changed`
   */
  async run(
    commands: readonly EapiCommand[],
    format: EapiFormat,
    { timeoutMs = defaultTimeoutMs, signal }: { timeoutMs?: number; signal?: AbortSignal | undefined } = {},
  ): Promise<unknown[]> {
    this.#target.fence?.();
    const { enable } = this.#target.credentials;
    const cmds = [enable === undefined ? 'enable' : { cmd: 'enable', input: enable }, ...commands];
    const params = { version: 1, format, cmds };
    const id = `plumb-${++this.#id}`;
    const body = JSON.stringify({ jsonrpc: '2.0', method: 'runCmds', params, id });
    const answer = this.#read(await this.#http.call(body, timeoutMs, signal), { id, commands: cmds.length, format });
    if (!answer.error) return (answer.result ?? []).slice(1);
    const { code, message, data } = answer.error;
    // the answer holds one element a command that ran, the last one with the complaint
    const failed = data.findIndex((element) => element.errors !== undefined);
    const told = /^CLI command (\d+) of/.exec(message)?.[1];
    const index = (failed >= 0 ? failed : told ? Number(told) - 1 : 0) - 1;
    const said = withoutInputs(data[failed]?.errors?.join('; ') ?? message, cmds);
    if (index < 0) {
      throw new PlumbError('unauthorized', `${this.#target.device.name}: eAPI: "enable" was refused: ${said}`, {
        hint: 'check the enable secret, and the role of the user on the switch',
      });
    }
    throw new EapiRefusal(index, code, said, data.slice(1, Math.max(failed, 1)));
  }

  #read({ status, text }: { status: number; text: string }, asked: Asked): Answer {
    try {
      return answerOf(JSON.parse(text), asked);
    } catch (cause) {
      throw new PlumbError('unreachable', `${this.#target.device.name}: eAPI: answered ${status}, which is not eAPI`, {
        hint: 'check the port, and `show management api http-commands`',
        cause,
      });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#http[Symbol.asyncDispose]();
  }
}
