import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';

type Props = {
  /** What the tab is called. */
  title: string;
  answer: ComponentChildren;
  rest?: ComponentChildren;
  above?: ComponentChildren;
  children?: ComponentChildren;
};

/** The head of a view: its answer as one sentence, what that rests on, and what can be done. */
export const Head = ({ title, answer, rest, above, children }: Props) => {
  useEffect(() => {
    document.title = `${title} · Plumbline`;
  }, [title]);
  return (
    <div class="head">
      <div>
        {above}
        <h1>{answer}</h1>
        {rest && <p>{rest}</p>}
      </div>
      {children && <div class="btns">{children}</div>}
    </div>
  );
};
