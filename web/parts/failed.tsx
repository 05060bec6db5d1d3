import type { Refusal } from '../data/refusal.ts';
import { Glyph } from './mark.tsx';
import { Text } from './text.tsx';

/** What was refused, its code, and what to do next. */
export const Failed = ({ refusal }: { refusal: Refusal | undefined }) => {
  if (!refusal) return null;
  return (
    <p class="failed" role="alert">
      <Glyph mark="out" tone="out" /> <Text>{refusal.message}</Text> <code>{refusal.code}</code>
      {refusal.hint && (
        <span class="soft">
          {' '}
          <Text>{refusal.hint}</Text>
        </span>
      )}
    </p>
  );
};
