import { Commands } from '../parts/copy.tsx';
import { Head } from '../parts/head.tsx';
import { Glyph } from '../parts/mark.tsx';

/** What to do next where there is no device yet. */
export const FirstVisit = () => (
  <div class="narrow stack">
    <Head
      title="First steps"
      answer="No device yet. Three steps to the first one in sync."
      rest="Nothing changes on a device until its configuration has been read and you have seen the difference."
    />
    <ol class="first">
      <li>
        <Glyph mark="move" tone="move" />
        <h2>1. A repository with an inventory</h2>
        <p class="soft">
          It names the devices; their intended configurations are in <code>intended/configs/</code>.
        </p>
        <Commands lines={['plumb init my-network', 'cd my-network', 'plumb up']} />
        <p class="quiet">This page continues by itself once an inventory is published.</p>
      </li>
      <li>
        <Glyph mark="next" tone="none" />
        <h2>2. A device that you trust</h2>
        <p class="soft">Its host key is shown before anything secret is sent.</p>
        <Commands lines={['plumb trust leaf1', 'plumb doctor leaf1']} />
      </li>
      <li>
        <Glyph mark="next" tone="none" />
        <h2>3. What it runs becomes the intended configuration</h2>
        <p class="soft">
          Reads the device and writes <code>intended/configs/leaf1.cfg</code>; you commit it.
        </p>
        <Commands lines={['plumb adopt leaf1', 'git add intended', 'git commit -m "leaf1, as it is"']} />
      </li>
    </ol>
    <p class="soft">
      Just looking? <code>plumb up --lab eos</code>, in an empty folder, starts four simulated switches on this
      computer.
    </p>
  </div>
);
