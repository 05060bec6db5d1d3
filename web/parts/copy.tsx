import { useState } from 'preact/hooks';

/** Copies a text, and says so. */
export const CopyButton = ({ text, word = 'Copy' }: { text: () => string; word?: string }) => {
  const [said, setSaid] = useState(word);
  const copy = () => {
    navigator.clipboard.writeText(text()).then(
      () => setSaid('Copied'),
      () => setSaid('The browser does not allow it'),
    );
  };
  return (
    <button class="btn" type="button" onClick={copy}>
      {said}
    </button>
  );
};

/** Commands to type at a terminal, with a button that copies them. */
export const Commands = ({ lines }: { lines: readonly string[] }) => (
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
    <CopyButton text={() => lines.join('\n')} />
  </div>
);
