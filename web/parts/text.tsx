import { controls } from '../../core/text/controls.ts';

const names: Record<string, string> = {
  '\r': 'CR',
  '\x00': 'NUL',
  '\x07': 'BEL',
  '\b': 'BS',
  '\x1b': 'ESC',
  '\x7f': 'DEL',
};

const nameOf = (char: string): string =>
  names[char] ?? `U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;

/** What a device or a person said, as it is: characters that would steer or turn the writing are shown as boxed names. */
export const Text = ({ children }: { children: string }) => {
  const parts: (string | preact.JSX.Element)[] = [];
  let from = 0;
  for (const { 0: char, index } of children.matchAll(controls)) {
    if (index > from) parts.push(children.slice(from, index));
    parts.push(<span class="ctl">{nameOf(char)}</span>);
    from = index + char.length;
  }
  if (from === 0) return <>{children}</>;
  return (
    <>
      {parts}
      {children.slice(from)}
    </>
  );
};
