import { inventorySchema } from '../../core/inventory/published.ts';
import { checks, github, gitlab } from './ci.ts';
import { config, inventory } from './inventory.ts';
import { macros, rendered, template } from './templates.ts';

const ignore = `# Local state: host keys, the API key, the NATS store.
.plumb/
`;

const readme = `# The network

What runs on the devices is what is in \`intended/\` here.

- \`inventory.yml\`: the devices, and how to reach them
- \`templates/<role>/main.j2\`: what a device of that role looks like
- \`intended/configs/<device>.cfg\`: what is deployed. \`plumb render\` writes it from the two above; without a role it is written by hand
- \`checks.yml\`: what \`plumb validate\` expects of the devices
- \`.github/\`, \`.gitlab-ci.yml\`: CI, which compares templates with \`intended/\`; keep the one that you use,
  and set its variable PLUMBLINE to a file or URL of the package: npm's \`plumbline\` is another program

To try it, with a simulated switch:

    plumb sim                  # in its own terminal: simulates the devices of inventory.yml
    plumb doctor               # is everything there? NATS comes with plumb up
    plumb up                   # in a third terminal: what is saved in intended/ is deployed

Change a description in \`inventory.yml\`, then \`plumb jobs\` and \`plumb approve JOB\`.

With devices of your own:

    plumb doctor               # what is missing, and how to fix it
    plumb trust DEVICE         # pin its host key
    plumb up                   # in a second terminal; leave it running
    plumb adopt DEVICE         # start from what it runs now, or:
    plumb render               # start from the templates; plumb approve lets the diff through
    git init -b main && git add . && git commit -m 'the network as it is'

What was adopted or edited by hand is overwritten the next time templates or inventory give that device a different text. Move what you
want to keep into the templates, or remove the device's role; until then \`plumb render --check\`, which CI and the hook run, fails.

\`plumb up\` deploys what is saved; \`plumb watch\`, with \`plumb runner\`, what is committed.
\`plumb init --hook\` adds a pre-commit hook that runs \`plumb render --check\`.
`;

/** What a new repository holds, by path. */
export const newRepository = (): ReadonlyMap<string, string> =>
  new Map([
    ['inventory.yml', inventory],
    ['inventory.schema.json', inventorySchema()],
    ['plumbline.yml', config],
    ['templates/leaf/main.j2', template],
    ['templates/common/bgp.j2', macros],
    ['intended/configs/leaf1.cfg', rendered],
    ['checks.yml', checks],
    ['.github/workflows/network.yml', github],
    ['.gitlab-ci.yml', gitlab],
    ['.gitignore', ignore],
    ['README.md', readme],
  ]);
