import type { Duplex } from 'node:stream';
import { explain, PlumbError } from '../../../core/errors.ts';
import { afterReading } from '../../dialogue/reading/after-reading.ts';
import { parseXml, type XmlElement } from '../../xml.ts';
import { RpcRefusal, readHello, refuseForeign, rpcErrors, whyNoAnswer } from './errors.ts';
import { Deframer, frame } from './framing.ts';
import { base11, hello, nameOf, refusalOfBytes, rpcText } from './text.ts';

/** A reply, parsed and as it was written: only the latter keeps the prefixes that values may use. */
type Reply = { root: XmlElement; text: string };

type Waiting = { id: string; operation: string; resolve: (reply: Reply) => void; reject: (error: Error) => void };

const defaultTimeoutMs = 60_000;

/** RFC 6241 over any byte stream: the subsystem `netconf` of SSH. Requests are answered in order. */
export class Netconf implements AsyncDisposable {
  readonly #name: string;
  readonly #fence: () => void;
  readonly #channel: Duplex;
  readonly #deframer = new Deframer();
  readonly #waiting: Waiting[] = [];
  readonly #greeted: Promise<void>;
  #greet: { resolve: () => void; reject: (error: Error) => void } | undefined;
  #lost: PlumbError | undefined;
  #id = 0;
  /** Said of a reply that answers none of our requests, until the next one is answered. */
  #stray = '';
  /** What the device's hello offered. */
  capabilities: readonly string[] = [];
  sessionId = '';
  /** Resolves when the channel is gone, with the reason. */
  readonly closed: Promise<string>;

  private constructor(name: string, channel: Duplex, fence: () => void) {
    this.#name = name;
    this.#fence = fence;
    this.#channel = channel;
    this.#greeted = new Promise((resolve, reject) => {
      this.#greet = { resolve, reject };
    });
    this.closed = new Promise((resolve) => {
      channel.once('close', () => {
        this.#lose('the device hung up');
        resolve(this.#lost?.message ?? '');
      });
    });
    channel.on('error', (error: Error) => this.#lose(explain(error)));
    channel.on('end', () => this.#lose('the device hung up'));
    channel.on('data', (piece: Buffer) => this.#receive(piece));
  }

  /**
   * Exchanges hellos.
   *
   * @param signal aborts it
   * @param fence called before each request; throws where nothing may be written any more
   * @throws PlumbError `closed` when the other side is no NETCONF server, `timeout`
   */
  static async open(
    name: string,
    channel: Duplex,
    signal: AbortSignal,
    fence: () => void = () => {},
  ): Promise<Netconf> {
    const session = new Netconf(name, channel, fence);
    const abort = () => {
      session.#lose('given up'); // a channel of a device that is silent has no end to wait for
      channel.destroy();
    };
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    try {
      channel.write(frame(hello(), 'end-of-message'));
      await session.#greeted;
      await session.#firstExchange();
      return session;
    } catch (error) {
      channel.destroy();
      signal.throwIfAborted();
      throw error;
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  /** Whether the device's hello offered a capability, e.g. `:candidate`; `:confirmed-commit:1.1` asks for that version. */
  can(capability: string): boolean {
    return this.capabilities.some((each) => each.includes(`:capability${capability}`));
  }

  /**
   * @param operation XML of the operation, without `<rpc>`
   * @returns the reply
   * @throws RpcRefusal for an rpc-error that is no warning; PlumbError `timeout`; `unsupported` for a reply that is
   *   not UTF-8; `closed`, also for one that says neither done nor refused: nobody knows then what the device did
   */
  async rpc(operation: string, timeoutMs = defaultTimeoutMs): Promise<Reply> {
    const reply = await this.#send(operation, timeoutMs);
    const errors = rpcErrors(reply.root);
    if (errors[0]) throw new RpcRefusal(this.#name, nameOf(operation), errors, errors[0]);
    const why = whyNoAnswer(reply.root, operation);
    if (why === undefined) return reply;
    this.#channel.destroy();
    throw this.#lose(why);
  }

  /**
   * Proves that requests are answered. netconfd 2.13 leaves a request lying that reached it in one piece with our
   * hello, until the next one comes: so the first one asks for nothing, and is sent again if need be.
   */
  async #firstExchange(): Promise<void> {
    const nothing = '<get-config><source><running/></source><filter type="subtree"/></get-config>';
    const first = this.#send(nothing, defaultTimeoutMs).catch((error: Error) => error);
    const again = setTimeout(() => void this.#send(nothing, defaultTimeoutMs).catch(() => {}), 1_000);
    const answer = await first;
    clearTimeout(again);
    if (answer instanceof PlumbError) throw answer;
  }

  #send(operation: string, timeoutMs: number): Promise<Reply> {
    if (this.#lost) return Promise.reject(this.#lost);
    try {
      this.#fence();
    } catch (error) {
      return Promise.reject(error);
    }
    const id = String(++this.#id);
    return new Promise((resolve, reject) => {
      const rest = afterReading(timeoutMs, () => {
        // the answer may still come, and would be taken for the next one's: this session is of no use any more
        const late = `${this.#name}: NETCONF: no answer to <${nameOf(operation)}> within ${timeoutMs / 1000} s${this.#stray}`;
        for (const each of this.#waiting.splice(0)) each.reject(new PlumbError('timeout', late));
        this.#channel.destroy();
      });
      this.#waiting.push({
        id,
        operation,
        resolve: (reply) => {
          rest();
          resolve(reply);
        },
        reject: (error) => {
          rest();
          reject(error);
        },
      });
      this.#channel.write(frame(rpcText(id, operation), this.#deframer.framing));
    });
  }

  #receive(piece: Buffer): void {
    try {
      for (const bytes of this.#deframer.feed(piece)) {
        const text = bytes.toString('utf8').trim();
        if (text !== '') this.#take({ root: parseXml(text), text }, bytes);
      }
    } catch (error) {
      this.#lose(explain(error));
      this.#channel.destroy();
    }
  }

  #take(message: Reply, bytes: Buffer): void {
    const { root } = message;
    if (this.#greet) {
      const greeting = readHello(root);
      if (!greeting) throw new PlumbError('closed', `<${root.name}> instead of a hello`);
      if (greeting.sessionId === '') throw new PlumbError('closed', 'its hello has no session-id'); // RFC 6241, 8.1
      this.capabilities = greeting.capabilities;
      this.sessionId = greeting.sessionId;
      if (greeting.capabilities.includes(base11)) this.#deframer.framing = 'chunked';
      this.#greet.resolve();
      this.#greet = undefined;
      return;
    }
    refuseForeign(root);
    if (root.name !== 'rpc-reply') return; // a notification between two answers
    const id = root.attributes['message-id'];
    const index = id === undefined ? 0 : this.#waiting.findIndex((each) => each.id === id);
    const [waiting] = index < 0 ? [] : this.#waiting.splice(index, 1);
    this.#stray = waiting ? '' : `; a reply came for message-id ${JSON.stringify(id?.slice(0, 40))}, which nobody sent`;
    const refusal =
      waiting && refusalOfBytes(bytes, `${this.#name}: NETCONF: the reply to <${nameOf(waiting.operation)}>`);
    if (refusal) waiting.reject(refusal);
    else waiting?.resolve(message);
  }

  /** @returns what the session ended with, the first time */
  #lose(reason: string): PlumbError {
    if (this.#lost) return this.#lost;
    const lost = new PlumbError('closed', `${this.#name}: NETCONF: ${reason}`);
    this.#lost = lost;
    this.#greet?.reject(lost);
    for (const { reject } of this.#waiting.splice(0)) reject(lost);
    return lost;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#lose('closed by us');
    this.#channel.destroy();
  }
}
