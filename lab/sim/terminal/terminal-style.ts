/** How the platform's terminal behaves. */
export type TerminalStyle = {
  /** What Enter echoes. */
  enter: string;
  /** A line end within an output. */
  newline: string;
  /** What the pager shows when the page is full. */
  more: string;
  /** What takes the pager's line away again; backspaces and blanks when left out. */
  erase?: string;
  /** How typed text is echoed; as it is when left out. */
  echo?: (typed: string) => string;
  /** The key that makes the next one a text; none when left out. */
  quote?: string;
  /** What `?` prints. */
  help: string;
};
