"""Drives one simulated device with clients that people use. Prints one JSON line for each thing that was tried."""

import json
import re
import sys
import time
import traceback

from napalm_getters import getters
from other_clients import OTHERS
from truth import check

PORTS = json.loads(sys.argv[2])
PLATFORM = sys.argv[1]
CONFIG = open(sys.argv[3]).read()
USER, PASSWORD = "admin", "admin"

SCRAPLI = {"eos": "arista_eos", "junos": "juniper_junos", "iosxr": "cisco_iosxr", "nxos": "cisco_nxos", "ios": "cisco_iosxe"}
NETMIKO = {"eos": "arista_eos", "junos": "juniper_junos", "iosxr": "cisco_xr", "nxos": "cisco_nxos", "ios": "cisco_xe"}


def renamed(config):
    """The same configuration with another host name."""
    return re.sub(r"(?m)^(\s*)(host-?name) \S+?(;?)$", r"\1\2 renamed\3", config, count=1)


def napalm_eos():
    from napalm import get_network_driver

    options = {"port": PORTS["eapi"], "transport": "https", "enforce_verification": False}
    with get_network_driver("eos")("127.0.0.1", USER, PASSWORD, optional_args=options) as device:
        getters(device, "eos")
        before = device.get_facts()["hostname"]
        peers = device.get_bgp_neighbors()["global"]["peers"]
        check("sessions are up", peers and all(peer["is_up"] for peer in peers.values()), peers)
        check("running is read", "router bgp" in device.get_config()["running"])
        device.load_replace_candidate(config=CONFIG)
        check("the same text is no change", device.compare_config() == "", device.compare_config())
        device.discard_config()
        device.load_replace_candidate(config=renamed(CONFIG))
        check("the diff shows the change", "+hostname renamed" in device.compare_config(), device.compare_config())
        device.commit_config(revert_in=60)
        check("the trial waits", device.has_pending_commit())
        device.confirm_commit()
        check("confirmed", not device.has_pending_commit() and device.get_facts()["hostname"] == "renamed")
        device.load_replace_candidate(config=CONFIG)
        device.commit_config(revert_in=60)
        device.rollback()
        check("a trial is rolled back", device.get_facts()["hostname"] == "renamed", device.get_facts()["hostname"])
        device.load_replace_candidate(config=CONFIG)
        device.commit_config()
        check("committed", device.get_facts()["hostname"] == before)
        device.rollback()
        check("rolled back", device.get_facts()["hostname"] == "renamed", device.get_facts()["hostname"])
        device.load_replace_candidate(config=CONFIG)
        device.commit_config()
        try:
            device.load_merge_candidate(config="rooter bgp 1")
            raise AssertionError("a bad line was taken")
        except Exception as error:  # NAPALM's own type names the line
            check("the bad line is named", "rooter" in str(error), str(error))


def scrapli_cfg():
    from scrapli import Scrapli
    from scrapli_cfg import ScrapliCfg

    with Scrapli(
        platform=SCRAPLI[PLATFORM],
        host="127.0.0.1",
        port=PORTS["ssh"],
        auth_username=USER,
        auth_password=PASSWORD,
        auth_secondary=PASSWORD,
        auth_strict_key=False,
        ssh_config_file=False,
        transport="paramiko",
        timeout_ops=60,
    ) as conn:
        with ScrapliCfg(conn=conn, dedicated_connection=False) as cfg:
            version = cfg.get_version()
            check("version", not version.failed and version.result, version.result)
            source = cfg.get_config(source="running")
            check("config", not source.failed and len(source.result) > 200, source.result)
            wanted = renamed(CONFIG)
            loaded = cfg.load_config(config=wanted, replace=True)
            check("load", not loaded.failed, loaded.result)
            diff = cfg.diff_config()
            check("diff", not diff.failed, diff.device_diff)
            if PLATFORM != "nxos":  # it refuses a text that no checkpoint made, as the real one does
                check("diff shows the change", "renamed" in diff.device_diff, diff.device_diff)
            cfg.abort_config()
            time.sleep(1.1)  # scrapli-cfg names its candidates by the second
            loaded = cfg.load_config(config=wanted, replace=True)
            check("load again", not loaded.failed, loaded.result)
            committed = cfg.commit_config()
            check("commit", not committed.failed, committed.result)
            conn.comms_prompt_pattern = getattr(conn, "comms_prompt_pattern", None)
            now = cfg.get_config(source="running")
            if PLATFORM != "nxos":
                check("committed", "renamed" in now.result, now.result[:600])


def netmiko():
    from netmiko import ConnectHandler

    with ConnectHandler(
        device_type=NETMIKO[PLATFORM], host="127.0.0.1", port=PORTS["ssh"], username=USER, password=PASSWORD, secret=PASSWORD, fast_cli=False
    ) as device:
        if PLATFORM != "junos":
            device.enable()
        version = device.send_command("show version")
        check("show version", len(version.splitlines()) > 3, version)
        lines = {
            "eos": ["interface Loopback77", "description conformance"],
            "ios": ["interface Loopback77", "description conformance"],
            "nxos": ["interface loopback77", "description conformance"],
            "iosxr": ["interface Loopback77", "description conformance"],
            "junos": ["set interfaces lo0 description conformance"],
        }[PLATFORM]
        output = device.send_config_set(lines, exit_config_mode=PLATFORM not in ("junos", "iosxr"))
        check("no complaint", "nvalid" not in output and "error" not in output, output)
        if PLATFORM in ("junos", "iosxr"):
            device.commit()
            device.exit_config_mode()
        else:
            device.save_config()
        config = device.send_command("show configuration" if PLATFORM == "junos" else "show running-config")
        check("configured", "conformance" in config, config[-400:])
        bad = device.send_config_set(["rooter bgp 1"], exit_config_mode=PLATFORM not in ("junos", "iosxr"))
        check("the bad line is refused", re.search(r"nvalid|unknown command|syntax error", bad), bad)
        if PLATFORM in ("junos", "iosxr"):
            device.exit_config_mode()


def napalm_trial(device):
    """A commit that would go back by itself, confirmed; another one, called back."""

    def named():  # get_facts would answer from memory
        return re.search(r"(?m)^\s*host-?name (\S+?);?$", device.get_config()["running"]).group(1)

    before = named()
    check("nothing waits", not device.has_pending_commit())
    device.load_replace_candidate(config=renamed(CONFIG))
    device.commit_config(revert_in=120)
    check("the trial waits", device.has_pending_commit() and named() == "renamed", named())
    device.confirm_commit()
    check("confirmed", not device.has_pending_commit() and named() == "renamed", named())
    device.load_replace_candidate(config=CONFIG)
    device.commit_config(revert_in=120)
    check("the second trial waits", device.has_pending_commit() and named() == before, named())
    device.rollback()
    check("called back", not device.has_pending_commit() and named() == "renamed", named())
    device.load_replace_candidate(config=CONFIG)
    device.commit_config()
    check("as it was", named() == before, named())


def napalm_cli(platform):
    """NAPALM's other drivers: what they read."""

    def run():
        from napalm import get_network_driver

        if "netconf" in PORTS:
            options = {"port": PORTS["netconf"], "hostkey_verify": False}
        else:
            options = {"port": PORTS["ssh"], "secret": PASSWORD}
        with get_network_driver(platform)("127.0.0.1", USER, PASSWORD, optional_args=options) as device:
            getters(device, PLATFORM)
            checkpoint = "!Command: Checkpoint cmd vdc 1\n" if platform == "nxos_ssh" else ""
            device.load_replace_candidate(config=checkpoint + renamed(CONFIG))
            check("diff", "renamed" in device.compare_config(), device.compare_config())
            device.commit_config()
            check("committed", "name renamed" in device.get_config()["running"])
            device.rollback()
            check("rolled back", "name renamed" not in device.get_config()["running"])
            if platform in ("ios", "junos"):  # the other drivers refuse `revert_in`
                napalm_trial(device)
            peers = device.get_bgp_neighbors()
            check("sessions are up", peers and all(p["is_up"] for vrf in peers.values() for p in vrf["peers"].values()), peers)

    return run


TRIALS = {
    "eos": [("napalm", napalm_eos)],
    "ios": [("napalm", napalm_cli("ios"))],
    "nxos": [("napalm", napalm_cli("nxos_ssh"))],
    "junos": [("napalm", napalm_cli("junos"))],
    "iosxr": [("napalm", napalm_cli("iosxr_netconf"))],
}[PLATFORM]
TRIALS += [(name, lambda trial=trial: trial(PORTS, CONFIG)) for name, trial in OTHERS[PLATFORM]]
TRIALS += [("netmiko", netmiko), ("scrapli-cfg", scrapli_cfg)]  # they leave the device another one

only = sys.argv[4] if len(sys.argv) > 4 else ""
failed = False
for name, trial in TRIALS:
    if only and name != only:
        continue
    try:
        trial()
        print(json.dumps({"platform": PLATFORM, "client": name, "ok": True}), flush=True)
    except Exception as error:
        failed = True
        print(json.dumps({"platform": PLATFORM, "client": name, "ok": False, "error": f"{type(error).__name__}: {error}"[:1500]}), flush=True)
        traceback.print_exc()
sys.exit(1 if failed else 0)
