// RFC 854/855/1143: what a telnet peer may ask, and what we answer. Everything but echo, go-ahead and window size is refused.

const IAC = 255;
const DONT = 254;
const DO = 253;
const WONT = 252;
const WILL = 251;
const SB = 250;
const SE = 240;
const ECHO = 1;
const SUPPRESS_GO_AHEAD = 3;
const NAWS = 31;

const theirs = new Set([ECHO, SUPPRESS_GO_AHEAD]); // what the device may do
const ours = new Set([SUPPRESS_GO_AHEAD, NAWS]); // what we do when asked

/** A NOP, which a device reads but does not hand to its command line: the keepalive of telnet. */
export const nop = Buffer.from([IAC, 241]);

/** Text for the wire: 255 doubled, a bare LF or CR as the end of line that RFC 854 asks for. */
export const telnetEncode = (text: string): Buffer => {
  const bytes = Buffer.from(text.replace(/\r\n|\n/g, '\r\n').replace(/\r(?!\n)/g, '\r\0'), 'utf8');
  if (!bytes.includes(IAC)) return bytes;
  return Buffer.from([...bytes].flatMap((byte) => (byte === IAC ? [IAC, IAC] : [byte])));
};

/** Takes the negotiation out of the stream. State survives pieces that end inside a command. */
export class TelnetOptions {
  readonly #window: readonly [columns: number, rows: number];
  readonly #agreed = new Map<string, boolean>();
  #state: 'data' | 'cr' | 'iac' | 'verb' | 'sub' | 'sub-iac' = 'data';
  #verb = 0;
  #subLength = 0;

  constructor(window: readonly [columns: number, rows: number] = [511, 1000]) {
    this.#window = window;
  }

  /** @returns what the device printed, and what must be answered to its negotiation */
  receive(piece: Buffer): { data: Buffer; reply: Buffer } {
    const data: number[] = [];
    const reply: number[] = [];
    for (const byte of piece) this.#byte(byte, data, reply);
    return { data: Buffer.from(data), reply: Buffer.from(reply) };
  }

  #byte(byte: number, data: number[], reply: number[]): void {
    switch (this.#state) {
      case 'cr':
        this.#state = 'data';
        if (byte === 0) return; // CR NUL is a bare CR
        this.#byte(byte, data, reply);
        return;
      case 'data':
        if (byte === IAC) this.#state = 'iac';
        else data.push(byte);
        if (byte === 13) this.#state = 'cr';
        return;
      case 'iac':
        this.#state = 'data';
        if (byte === IAC) data.push(IAC);
        else if (byte >= WILL && byte <= DONT) {
          this.#verb = byte;
          this.#state = 'verb';
        } else if (byte === SB) {
          this.#state = 'sub';
          this.#subLength = 0;
        }
        return;
      case 'verb':
        this.#state = 'data';
        reply.push(...this.#answer(this.#verb, byte));
        return;
      case 'sub':
        if (byte === IAC) this.#state = 'sub-iac';
        else if (++this.#subLength > 4096) this.#state = 'data'; // never ended: not a telnet peer
        return;
      case 'sub-iac':
        this.#state = byte === SE ? 'data' : 'sub';
        return;
      default:
        this.#state satisfies never;
    }
  }

  /** Answers only what changes something: two sides that acknowledge acknowledgements never stop. */
  #answer(verb: number, option: number): number[] {
    const asksUs = verb === DO || verb === DONT;
    const side = asksUs ? `us ${option}` : `them ${option}`;
    const wanted = (verb === DO && ours.has(option)) || (verb === WILL && theirs.has(option));
    const before = this.#agreed.get(side);
    if (before === wanted || (before === undefined && (verb === DONT || verb === WONT))) return [];
    this.#agreed.set(side, wanted);
    const word = asksUs ? (wanted ? WILL : WONT) : wanted ? DO : DONT;
    const [columns, rows] = this.#window;
    const size = [columns >> 8, columns & 255, rows >> 8, rows & 255].flatMap((n) => (n === IAC ? [IAC, IAC] : [n]));
    const naws = wanted && asksUs && option === NAWS ? [IAC, SB, NAWS, ...size, IAC, SE] : [];
    return [IAC, word, option, ...naws];
  }
}
