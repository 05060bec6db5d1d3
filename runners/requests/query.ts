import { search } from '@jmespath-community/jmespath';
import { PlumbError } from '../../core/errors.ts';

/**
 * Picks from structured output with JMESPath: `global.peers.*.state`, `[?state=='Idle'].neighbor`.
 *
 * @throws PlumbError `invalid_request` when the expression is none
 */
export const query = (data: unknown, expression: string): unknown => {
  try {
    return search(JSON.parse(JSON.stringify(data)), expression);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new PlumbError('invalid_request', `query "${expression}": ${reason}`, {
      cause,
      hint: 'the language is JMESPath; put names with characters other than letters, digits and _ in "quotes"',
    });
  }
};
