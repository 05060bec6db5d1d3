import type { Client, NextAuthHandler } from 'ssh2';
import type { Way } from './auth.ts';

/** So many public keys go before a password: sshd ends the login at the sixth refusal, a password may take two. */
const keysBeforePassword = 4;

type Answer = (left: readonly string[], partial: boolean) => void;

/** ssh2 says nothing of what a server answers to a key of the agent: what may follow, and whether it was one of several steps. */
const hearAnswers = (client: Client, heard: Answer): void => {
  const inside = client as unknown as { _protocol?: { _handlers?: Record<string, (...args: unknown[]) => void> } };
  const handlers = inside._protocol?._handlers;
  const own = handlers?.USERAUTH_FAILURE;
  if (!handlers || !own) return;
  handlers.USERAUTH_FAILURE = (protocol, left, partial) => {
    if (Array.isArray(left)) heard(left.map(String), partial === true);
    own(protocol, left, partial);
  };
};

/** Chooses the next way to log in from what the server answered to the last one. RFC 4252, 5. */
export class LoginOrder {
  readonly #ways: readonly Way[];
  #untried: Way[];
  #current: Way | undefined;
  #answer: { left: readonly string[]; partial: boolean } | undefined;
  readonly #refused: Way[] = [];
  #hears = false;

  constructor(ways: readonly Way[]) {
    this.#ways = ways;
    this.#untried = [...ways];
  }

  /** What was refused, in order. */
  get refused(): readonly Way[] {
    return this.#refused;
  }

  /** The way that the server has not answered yet. */
  get current(): Way | undefined {
    return this.#current;
  }

  /** What the server said that it takes; undefined before it said anything. */
  get takes(): readonly string[] | undefined {
    return this.#answer?.left;
  }

  /** All methods that there is something for. */
  get methods(): ReadonlySet<string> {
    return new Set(this.#ways.map(({ method }) => method));
  }

  /** How many keys of the agent there are. */
  get agentKeys(): number {
    return this.#ways.filter(({ auth }) => auth.type === 'agent').length;
  }

  /** For ssh2's `authHandler`. */
  next(client: Client, next: NextAuthHandler): void {
    if (!this.#hears) {
      this.#hears = true;
      hearAnswers(client, (left, partial) => {
        this.#answer = { left, partial };
      });
    }
    if (this.#current) this.#took(this.#current);
    this.#current = this.#choose();
    this.#untried = this.#untried.filter((way) => way !== this.#current);
    // ssh2 takes `false` for the end, which its types do not know
    next((this.#current?.auth ?? false) as unknown as Way['auth']);
  }

  #took(way: Way): void {
    if (!this.#answer?.partial) {
      this.#refused.push(way);
      return;
    }
    // one of several steps: what was refused as the first one may be the second
    this.#answer.partial = false;
    const again = this.#ways.filter((one) => this.#refused.includes(one) && one.method !== way.method);
    this.#untried = [...again, ...this.#untried.filter((one) => !again.includes(one))];
  }

  #choose(): Way | undefined {
    const left = this.#answer?.left;
    const possible = this.#untried.filter(({ method }) => left === undefined || left.includes(method));
    const keys = this.#refused.filter(({ method }) => method === 'publickey').length;
    const [first] = possible;
    if (first?.method !== 'publickey' || keys < keysBeforePassword) return first;
    return possible.find(({ method }) => method !== 'publickey') ?? first;
  }
}
