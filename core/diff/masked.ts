import { redactInTurns } from '../redact/redact.ts';
import { unifiedDiff } from './diff.ts';

/**
 * The difference of two texts as they are, shown without their secrets. Each line is masked by its place in the whole
 * text: a hunk lacks the file or block around it, which some secrets are recognised by.
 */
export const maskedDiff = async (
  before: string,
  after: string,
  names: { before: string; after: string },
): Promise<string> =>
  unifiedDiff(before, after, names, { before: await redactInTurns(before), after: await redactInTurns(after) });
