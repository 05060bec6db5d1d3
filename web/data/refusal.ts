/** A request that was not answered as it was meant: what the API says of it, or that nothing came. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  /** The API's stable word, or `no_connection`. */
  readonly code: string;
  /** What to do next; '' where that is not known. */
  readonly hint: string;

  constructor(code: string, message: string, hint = '') {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}
