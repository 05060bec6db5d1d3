import { Commands } from '../parts/copy.tsx';
import { Head } from '../parts/head.tsx';
import { Glyph } from '../parts/mark.tsx';

/** What to do next where there is no device yet. */
export const FirstVisit = () => (
  <div class="narrow stack">
    <Head
      title="First steps"
      answer="No device yet. Three steps until the first one is in sync."
      rest="Nothing is changed on a device before its configuration was read and you have seen the difference."
    />
    <ol class="first">
      <li>
        <Glyph mark="move" tone="move" />
        <h2>1. A repository with an inventory</h2>
        <p class="soft">
          It names the devices; what each is to run lies in <code>intended/configs/</code>.
        </p>
        <Commands lines={['plumb init my-network', 'cd my-network', 'plumb up']} />
        <p class="quiet">This page moves on by itself when an inventory was published.</p>
      </li>
      <li>
        <Glyph mark="next" tone="none" />
        <h2>2. A device that may be trusted</h2>
        <p class="soft">Its host key is shown before anything secret is sent.</p>
        <Commands lines={['plumb trust leaf1', 'plumb doctor leaf1']} />
      </li>
      <li>
        <Glyph mark="next" tone="none" />
        <h2>3. What it runs becomes the intended configuration</h2>
        <p class="soft">
          Reads the device and writes <code>intended/configs/leaf1.cfg</code>; the commit is yours.
        </p>
        <Commands lines={['plumb adopt leaf1', 'git add intended', 'git commit -m "leaf1, as it is"']} />
      </li>
    </ol>
    <p class="soft">
      Only looking? <code>plumb up --lab eos</code>, in an empty folder, brings up four simulated switches on this
      computer.
    </p>
  </div>
);
