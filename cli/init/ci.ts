// CI of a new repository. Both need Node and nothing else; PLUMBLINE names what npm installs: a version, a URL or a file.

/** .github/workflows/network.yml */
export const github = `name: network
on:
  push:
  pull_request:
permissions:
  contents: read
jobs:
  render:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
      - uses: actions/setup-node@v5
        with: { node-version: 22 }
      - run: npm install --global "\${{ vars.PLUMBLINE || 'plumbline' }}"
      - run: plumb render --check # are templates, inventory and intended/ in step?
  validate: # is the network as checks.yml expects it? Wants a machine that reaches its NATS
    if: vars.NATS_URL != '' && github.event_name == 'push'
    needs: render
    runs-on: [self-hosted, network]
    env:
      NATS_URL: \${{ vars.NATS_URL }}
      NATS_USER: \${{ vars.NATS_USER }}
      NATS_PASSWORD: \${{ secrets.NATS_PASSWORD }}
    steps:
      - uses: actions/checkout@v5
      - uses: actions/setup-node@v5
        with: { node-version: 22 }
      - run: npm install --global "\${{ vars.PLUMBLINE || 'plumbline' }}"
      - run: plumb validate checks.yml
`;

/** .gitlab-ci.yml */
export const gitlab = `variables:
  PLUMBLINE: plumbline

default:
  image: node:22
  before_script:
    - npm install --global "$PLUMBLINE"

render: # are templates, inventory and intended/ in step?
  script:
    - plumb render --check

validate: # is the network as checks.yml expects it? Wants a machine that reaches its NATS
  needs: [render]
  tags: [network]
  rules:
    - if: $NATS_URL && $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
  script:
    - plumb validate checks.yml
`;

/** checks.yml: NAPALM's form. */
export const checks = `# What \`plumb validate checks.yml\` expects of each device. docs/parsing.md of Plumbline tells the form, which is NAPALM's.
- get_facts:
    vendor: Arista
`;
