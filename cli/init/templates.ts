/** templates/leaf/main.j2 of a new repository. */
export const template = `{# A leaf that runs Arista EOS. Templates are Jinja2; docs/templates.md of Plumbline lists what they know.
   Write lines as \`show running-config\` prints them, so that a device that is read back compares equal. #}
{% import "common/bgp.j2" as bgp with context %}
hostname {{ device.name }}
!
{% for server in ntp_servers %}
ntp server {{ server }}
{% endfor %}
!
username admin privilege 15 role network-admin secret sha512 $6$plumb$4fWsA3c5Rr/sD4XnH7sraCxyipidpIcoThXEFZSsI5v7jHgOgYeDfWV273MMtKvoCYzkNmbH8gp0Zxd0suH0Y/
!
{% for interface in interfaces %}
interface {{ interface.name }}
{% if interface.description is defined %}
   description {{ interface.description }}
{% endif %}
   no switchport
   ip address {{ interface.address }}
!
{% endfor %}
ip routing
!
{{ bgp.router(neighbors) -}}
end
`;

/** templates/common/bgp.j2, which it imports. */
export const macros = `{% macro router(neighbors) %}
router bgp {{ asn }}
   router-id {{ router_id }}
   timers bgp {{ bgp_timers }}
{% for neighbor in neighbors %}
   neighbor {{ neighbor.address }} remote-as {{ neighbor.asn }}
   neighbor {{ neighbor.address }} description {{ neighbor.description }}
{% endfor %}
!
{% endmacro %}
`;

/** What the two and the inventory render to: a new repository is in step from the start. */
export const rendered = `hostname leaf1
!
ntp server 192.0.2.123
!
username admin privilege 15 role network-admin secret sha512 $6$plumb$4fWsA3c5Rr/sD4XnH7sraCxyipidpIcoThXEFZSsI5v7jHgOgYeDfWV273MMtKvoCYzkNmbH8gp0Zxd0suH0Y/
!
interface Ethernet1
   description to spine1
   no switchport
   ip address 10.0.12.1/31
!
ip routing
!
router bgp 65001
   router-id 10.0.0.1
   timers bgp 3 9
   neighbor 10.0.12.0 remote-as 65000
   neighbor 10.0.12.0 description spine1
!
end
`;
