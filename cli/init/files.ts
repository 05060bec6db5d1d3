import { inventorySchema } from '../../core/inventory/published.ts';

const inventory = `# yaml-language-server: $schema=./inventory.schema.json
# The devices of one site. docs/inventory.md of Plumbline explains each key; \`plumb doctor\` checks it.

# The first token of every NATS subject: dc1.router1.configure
site: dc1

# What all devices have, unless a group of theirs or the device itself says otherwise.
defaults:
  platform: frr # eos, junos, iosxr, nxos, ios, frr … \`plumb platforms\` lists them
  credentials:
    username: plumb
    # A secret is never written here, but found when a session is opened:
    key: { file: ~/.ssh/id_ed25519 }
    # password: { env: PLUMB_PASSWORD }             an environment variable
    # password: { command: [pass, show, network] }  what a program prints
  policy:
    approval: manual # each diff waits for \`plumb approve\`; auto: deployed at once
    # maxLossPercent: 30     refuse a text that loses more of its lines
    # protect: [username plumb]
    # probes:
    #   - { command: ping -c 1 192.0.2.254, contains: 1 received }
  vars: # what the templates know
    ntp_servers: [192.0.2.123]

# Devices name the groups that they are in; of two groups the later one wins.
groups:
  routers:
    role: router # templates/router/main.j2

devices:
  router1: # letters, digits, "_" and "-"; a host name with dots goes into host
    host: 192.0.2.1
    groups: [routers]
    vars:
      router_id: 10.0.0.1
      asn: 65001
      interfaces:
        - { name: eth1, description: to router2, address: 10.0.12.0/31 }
      neighbors:
        - { address: 10.0.12.1, asn: 65002, description: router2 }
`;

const config = `# Where everything is. Each key is optional; flags and environment variables (PLUMB_…, NATS_…) come first.

# nats:
#   url: nats://nats.example.net:4222 # without it \`plumb up\` starts a server of its own
#   creds: .plumb/plumb.creds # the password of a user comes from NATS_PASSWORD
# source: git # deploy what is committed; files: what is saved
# branch: main
# api: { host: 127.0.0.1, port: 9000 }
# log: info
`;

const template = `{# An FRR router. Templates are Jinja2; docs/templates.md of Plumbline lists what they know.
   Write lines as \`show running-config\` prints them, so that a device that is read back compares equal. #}
{% import "common/bgp.j2" as bgp with context %}
frr defaults traditional
hostname {{ device.name }}
service integrated-vtysh-config
!
{% for interface in interfaces %}
interface {{ interface.name }}
{% if interface.description is defined %}
 description {{ interface.description }}
{% endif %}
 ip address {{ interface.address }}
exit
!
{% endfor %}
{{ bgp.router(neighbors) -}}
end
`;

const macros = `{% macro router(neighbors) %}
router bgp {{ asn }}
 bgp router-id {{ router_id }}
{% for neighbor in neighbors %}
 neighbor {{ neighbor.address }} remote-as {{ neighbor.asn }}
 neighbor {{ neighbor.address }} description {{ neighbor.description }}
{% endfor %}
exit
!
{% endmacro %}
`;

const ignore = `# What this machine keeps: host keys, the API's key, the NATS store.
.plumb/
`;

const readme = `# The network

What runs on the devices is what is committed here.

- \`inventory.yml\`: the devices, and how to reach them
- \`templates/<role>/main.j2\`: what a device of that role looks like
- \`intended/configs/<device>.cfg\`: what is deployed. \`plumb render\` writes it from the two above; without a role it is written by hand

To begin:

    plumb doctor               # is everything there? NATS comes with plumb up
    plumb trust router1        # pin its host key
    plumb up                   # in a second terminal, where it stays: what is saved is deployed
    plumb adopt router1        # start from what it runs now, or:
    plumb render               # start from the templates; plumb approve lets the diff through
    git init -b main && git add . && git commit -m 'the network as it is'

A file that was adopted or edited by hand stays until templates or inventory give that device another text; then it is rendered anew,
and the edit is gone. Bring into the templates what is to stay, or take the role from the device.

\`plumb render --check\` in CI keeps templates and \`intended/\` in step.
`;

/** What a new repository holds, by path. */
export const newRepository = (): ReadonlyMap<string, string> =>
  new Map([
    ['inventory.yml', inventory],
    ['inventory.schema.json', inventorySchema()],
    ['plumbline.yml', config],
    ['templates/router/main.j2', template],
    ['templates/common/bgp.j2', macros],
    ['intended/configs/.gitkeep', ''],
    ['.gitignore', ignore],
    ['README.md', readme],
  ]);
