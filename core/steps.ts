/** The steps of a deployment, in order. Work of other kinds goes from `queued` to `running` to `finished`. */
export const steps = [
  'queued',
  'guarding',
  'connecting',
  'loading',
  'diffing',
  'awaiting',
  'committing',
  'checking',
  'confirming',
  'reading_back',
  'running',
  'finished',
] as const;

/** When a step that began then ends: a successor's clock may be behind the one that it began by. Both are ISO 8601. */
export const endOf = (startedAt: string, now: string): string => (now < startedAt ? startedAt : now);
