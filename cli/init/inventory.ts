/** The inventory of a new repository: one device, which `plumb sim` simulates. */
export const inventory = `# yaml-language-server: $schema=./inventory.schema.json
# The devices of one site. docs/inventory.md of Plumbline explains each key; \`plumb doctor\` checks it.

# The first token of every NATS subject: dc1.leaf1.configure
site: dc1

# The device below is one that \`plumb sim\` simulates. For real ones remove this line: secrets written
# here are then refused.
lab: true

# What all devices have, unless one of their groups or the device itself says otherwise.
defaults:
  platform: eos # junos, iosxr, nxos, ios, frr … \`plumb platforms\` lists them
  credentials:
    username: admin
    password: { literal: lab-only }
    # Secrets of real devices are read when a session is opened:
    # password: { env: PLUMB_PASSWORD }             an environment variable
    # password: { command: [pass, show, network] }  what a program prints
    # key: { file: ~/.ssh/id_ed25519 }              an SSH key
  policy:
    approval: manual # each diff waits for \`plumb approve\`; auto: deployed at once
    # maxLossPercent: 30     refuse a text that loses more of its lines
    # protect: [username admin]
    # probes:
    #   - { command: ping 192.0.2.254 repeat 1, contains: 1 received }
  vars: # what the templates know
    ntp_servers: [192.0.2.123]
    bgp_timers: 3 9 # keepalive and hold time: a trial waits for a keepalive on each session, so with 60 180 it takes minutes

# Devices name the groups that they are in; of two groups, the later one wins.
groups:
  leaves:
    role: leaf # templates/leaf/main.j2

devices:
  leaf1: # letters, digits, "_" and "-"; a host name with dots goes into host
    host: 127.0.0.1
    port: 2201 # default: 22
    groups: [leaves]
    vars:
      router_id: 10.0.0.1
      asn: 65001
      interfaces:
        - { name: Ethernet1, description: to spine1, address: 10.0.12.1/31 }
      neighbors:
        - { address: 10.0.12.0, asn: 65000, description: spine1 }
`;

/** plumbline.yml, all of it in comments. */
export const config = `# Where everything is. Each key is optional; flags and environment variables (PLUMB_…, NATS_…) come first.

# nats:
#   url: nats://nats.example.net:4222 # without it \`plumb up\` starts a server of its own
#   creds: .plumb/plumb.creds # the password of a user comes from NATS_PASSWORD
# source: git # deploy what is committed; files: what is saved
# branch: main
# api: { host: 127.0.0.1, port: 9000 }
# log: info
`;
