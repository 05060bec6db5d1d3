import { useState } from 'preact/hooks';

/** Commands to type at a terminal, with a button that copies them. */
export const Commands = ({ lines }: { lines: readonly string[] }) => {
  const [said, setSaid] = useState('Copy');
  const copy = () => {
    navigator.clipboard.writeText(lines.join('\n')).then(
      () => setSaid('Copied'),
      () => setSaid('Not allowed'),
    );
  };
  return (
    <div class="cmd">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways, also by keyboard */}
      <pre tabIndex={0}>
        {lines.map((line, at) => (
          <>
            {at > 0 && '\n'}
            <i>$ </i>
            {line}
          </>
        ))}
      </pre>
      <button class="btn" type="button" onClick={copy}>
        {said}
      </button>
    </div>
  );
};
