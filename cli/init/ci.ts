/**
 * What installs Plumbline in CI: npm's package of that name is a different one, so there is no default, and the step
 * fails with what to set. On GitHub this step does not get the password of NATS: packages run scripts when they are
 * installed.
 */
const install = `npm install --global "\${PLUMBLINE:?set this variable to a file or URL of the package (npm pack in a checkout of Plumbline makes one)}"`;

/** .github/workflows/network.yml */
export const github = `name: network
on:
  push:
  pull_request:
permissions:
  contents: read
env:
  PLUMBLINE: \${{ vars.PLUMBLINE }} # a file or URL of the package; npm's "plumbline" is another program
jobs:
  render:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
      - uses: actions/setup-node@v5
        with: { node-version: 22 }
      - run: ${install}
      - run: plumb render --check # are templates, inventory and intended/ in step?
  validate: # is the network as checks.yml expects it? Needs a machine that can reach its NATS
    if: vars.NATS_URL != '' && github.event_name == 'push'
    needs: render
    runs-on: [self-hosted, network]
    steps:
      - uses: actions/checkout@v5
      - uses: actions/setup-node@v5
        with: { node-version: 22 }
      - run: ${install}
      - run: plumb validate checks.yml
        env:
          NATS_URL: \${{ vars.NATS_URL }}
          NATS_USER: \${{ vars.NATS_USER }}
          NATS_PASSWORD: \${{ secrets.NATS_PASSWORD }}
`;

/** .gitlab-ci.yml */
export const gitlab = `# The CI/CD variable PLUMBLINE names the package, as a file or URL; npm's "plumbline" is another program.
default:
  image: node:22
  before_script:
    - ${install}

render: # are templates, inventory and intended/ in step?
  script:
    - plumb render --check

validate: # is the network as checks.yml expects it? Needs a machine that can reach its NATS
  needs: [render]
  tags: [network]
  rules:
    - if: $NATS_URL && $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
  script:
    - plumb validate checks.yml
`;

/** checks.yml, in NAPALM's form. */
export const checks = `# What \`plumb validate checks.yml\` expects of each device. The form is NAPALM's: docs/parsing.md of Plumbline.
- get_facts:
    vendor: Arista
`;
