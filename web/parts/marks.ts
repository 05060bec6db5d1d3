/** What a mark says, by its shape alone: see docs/page.md. */
export type Mark =
  | 'sync'
  | 'out'
  | 'move'
  | 'trial'
  | 'wait'
  | 'later'
  | 'none'
  | 'half'
  | 'past'
  | 'next'
  | 'clock'
  | 'tri';
/** The colour that goes with it. */
export type Tone = 'sync' | 'out' | 'move' | 'wait' | 'later' | 'none';
