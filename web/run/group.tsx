import { useMemo, useState } from 'preact/hooks';
import { unifiedDiff } from '../../core/diff/diff.ts';
import { Difference } from '../diff/difference.tsx';
import { Glyph } from '../parts/mark.tsx';
import { Text } from '../parts/text.tsx';
import { count } from '../words/words.ts';
import type { Alike } from './answers.ts';

const byName = new Intl.Collator('en', { numeric: true });

/** Devices that answered alike; of those unlike the most, what differs from these. */
export const AlikeGroup = ({ group: { output, devices }, usual }: { group: Alike; usual: Alike | undefined }) => {
  const [toggled, setToggled] = useState<boolean>();
  const open = toggled ?? usual !== undefined;
  const [whole, setWhole] = useState(false);
  const diff = useMemo(() => (usual ? unifiedDiff(usual.output, output) : ''), [usual, output]);
  return (
    <details class="group" open={open}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: a summary is a button by itself */}
      <summary
        onClick={(event) => {
          event.preventDefault();
          setToggled(!open);
        }}
      >
        <Glyph mark="tri" />
        <span>
          <b>
            {devices.length === 1
              ? devices[0]
              : `${count(devices.length, 'device')} ${usual ? 'differ' : 'answer alike'}`}
          </b>{' '}
          {devices.length > 1 && <code class="names">{[...devices].sort(byName.compare).join(' ')}</code>}
        </span>
        <span class="quiet">{count(output.split('\n').length, 'line')}</span>
      </summary>
      <div class="body">
        {usual && (
          <p>
            <button class="btn" type="button" aria-pressed={whole} onClick={() => setWhole(!whole)}>
              {whole ? 'What differs' : 'Whole answer'}
            </button>
          </p>
        )}
        {usual && !whole ? (
          <Difference diff={diff} layout="unified" />
        ) : (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways, also by keyboard
          <pre class="diff out-text" tabIndex={0}>
            <Text>{output}</Text>
          </pre>
        )}
      </div>
    </details>
  );
};
