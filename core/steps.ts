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
