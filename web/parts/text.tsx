import { visible } from '../words/visible.ts';

/** What a device or a person said, as it is: characters that would steer or turn the writing are shown as boxed names. */
export const Text = ({ children }: { children: string }) => (
  <>
    {visible(children).map((part, at) =>
      'text' in part ? (
        part.text
      ) : (
        <span key={at} class="ctl">
          {part.control}
        </span>
      ),
    )}
  </>
);
