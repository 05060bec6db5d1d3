"""Nornir asks and changes all five devices at once. Prints one JSON line for each device."""

import json
import logging
import sys
import tempfile

from nornir.core import Nornir
from nornir.core.inventory import ConnectionOptions, Defaults, Groups, Host, Hosts, Inventory
from nornir.core.plugins.connections import ConnectionPluginRegister
from nornir.plugins.runners import ThreadedRunner
from nornir_napalm.plugins.tasks import napalm_configure, napalm_get
from nornir_netmiko.tasks import netmiko_send_command
from truth import TRUTH, check

logging.disable(logging.CRITICAL)
ALL = json.loads(sys.argv[1])
NAPALM = {"eos": "eos", "ios": "ios", "iosxr": "iosxr_netconf", "nxos": "nxos_ssh", "junos": "junos"}
NETMIKO = {"eos": "arista_eos", "ios": "cisco_xe", "iosxr": "cisco_xr", "nxos": "cisco_nxos", "junos": "juniper_junos"}
LINES = {
    "eos": "interface Ethernet1\n   description by nornir\n",
    "ios": "interface GigabitEthernet2\n description by nornir\n",
    "iosxr": "interface GigabitEthernet0/0/0/0\n description by nornir\n!\n",
    "nxos": "interface Ethernet1/1\n  description by nornir\n",
    "junos": 'interfaces { ge-0/0/0 { description "by nornir"; } }\n',
}


def host(platform, ports):
    extras = {"port": ports.get("eapi") or ports.get("netconf") or ports["ssh"]}
    if platform == "eos":
        extras.update(transport="https", enforce_verification=False)
    elif "netconf" in ports:
        extras.update(hostkey_verify=False)
    else:
        extras.update(secret="admin")
    return Host(
        name=platform,
        hostname="127.0.0.1",
        username="admin",
        password="admin",
        connection_options={
            "napalm": ConnectionOptions(platform=NAPALM[platform], extras={"optional_args": extras}),
            "netmiko": ConnectionOptions(platform=NETMIKO[platform], port=ports["ssh"], extras={"secret": "admin"}),
        },
    )


def trial(task):
    platform, truth = task.host.name, TRUTH[task.host.name]
    told = task.run(napalm_get, getters=["facts", "interfaces_ip"])[0].result
    check("facts", told["facts"]["hostname"] == truth["host"], told["facts"])
    check("address", truth["address"] in told["interfaces_ip"][truth["port"]]["ipv4"], told["interfaces_ip"])
    text = task.run(netmiko_send_command, command_string="show version")[0].result
    check("show version", len(text.splitlines()) > 2, text)
    if platform == "nxos":  # its driver merges by a configuration file, which no simulator loads
        return
    first = task.run(napalm_configure, configuration=LINES[platform])
    check("changed", first[0].changed and "by nornir" in first[0].diff, first[0].diff)
    again = task.run(napalm_configure, configuration=LINES[platform])
    check("nothing left to change", not again[0].changed, again[0].diff)


ConnectionPluginRegister.auto_register()
hosts = Hosts({name: host(name, ports) for name, ports in ALL.items()})
nornir = Nornir(inventory=Inventory(hosts, Groups(), Defaults()), runner=ThreadedRunner(num_workers=5))
result = nornir.run(trial)
for name, each in result.items():
    error = next((str(one.exception or one.result) for one in each if one.failed), None)
    print(json.dumps({"platform": name, "client": "nornir", "ok": not each.failed, **({"error": error[:1500]} if error else {})}), flush=True)
sys.exit(1 if result.failed else 0)
