"""Clients of one platform or protocol: pyeapi, ncclient, junos-eznc, and SFTP by paramiko."""

import os
import ssl
import tempfile

from truth import TRUTH, check

USER = PASSWORD = "admin"


def pyeapi_eos(ports, config):
    import pyeapi

    node = pyeapi.client.Node(
        pyeapi.client.make_connection("https", host="127.0.0.1", username=USER, password=PASSWORD, port=ports["eapi"], context=ssl._create_unverified_context())
    )
    check("show version", node.enable("show version")[0]["result"]["serialNumber"], "")
    api = node.api("interfaces")
    check("ports", "Ethernet1" in api.getall(), api.getall())
    check("description", api.get("Ethernet1")["description"] == "P2P_spine1_Ethernet1", api.get("Ethernet1"))
    check("BGP", node.api("bgp").get()["bgp_as"] == 65101, node.api("bgp").get())
    check("changed", api.set_description("Ethernet2", "by pyeapi") and api.get("Ethernet2")["description"] == "by pyeapi")
    node.configure_session()
    node.config(["hostname within"])
    check("diff", "+hostname within" in node.diff(), node.diff())
    node.abort()
    check("left alone", node.enable("show hostname")[0]["result"]["hostname"] == "leaf1")
    try:
        node.config(["rooter bgp 1"])
    except pyeapi.eapilib.CommandError as error:
        check("the bad line is named", "rooter" in str(error), str(error))
    else:
        raise AssertionError("a bad line was taken")


def connection(ports, device):
    from ncclient import manager

    return manager.connect(
        host="127.0.0.1", port=ports["netconf"], username=USER, password=PASSWORD, hostkey_verify=False, look_for_keys=False, allow_agent=False, device_params={"name": device}
    )


def refused(what, call):
    from ncclient.operations import RPCError

    try:
        answer = call()
    except RPCError:
        return
    raise AssertionError(f"{what} was taken: {answer}"[:500])


def ncclient_iosxr(ports, config):
    cli = "http://cisco.com/ns/yang/Cisco-IOS-XR-cli-cfg"
    native = "http://cisco.com/ns/yang/Cisco-IOS-XR-ifmgr-cfg"

    def edit(text):
        return f'<config xmlns="urn:ietf:params:xml:ns:netconf:base:1.0"><cli xmlns="{cli}">{text}</cli></config>'

    with connection(ports, "iosxr") as device:
        bgp = '<bgp xmlns="http://cisco.com/ns/yang/Cisco-IOS-XR-ipv4-bgp-oper"><instances><instance><instance-name>default</instance-name></instance></instances></bgp>'
        state = str(device.get(("subtree", bgp)))
        check("only what was asked for", TRUTH["iosxr"]["peer"] in state and "inventory" not in state, state)
        with device.locked("candidate"):
            device.edit_config(edit("hostname renamed"), target="candidate")
            device.commit(confirmed=True, timeout="300", persist="one")
            device.commit(persist_id="one")
        text = str(device.get_config("running", ("subtree", f'<cli xmlns="{cli}"/>')))
        check("committed", "hostname renamed" in text, text)
        refused("an unknown command", lambda: device.edit_config(edit("rooter bgp 1"), target="candidate"))
        ports_ = f'<config xmlns="urn:ietf:params:xml:ns:netconf:base:1.0"><interface-configurations xmlns="{native}"/></config>'
        refused("a model that is not there", lambda: device.edit_config(ports_, target="candidate"))
        refused("an unknown tree", lambda: device.get(("subtree", '<nothing xmlns="urn:x"/>')))
        device.edit_config(edit("hostname core1"), target="candidate")
        device.commit()


def ncclient_junos(ports, config):
    with connection(ports, "junos") as device:
        wanted = "<configuration><protocols><bgp/></protocols></configuration>"
        part = str(device.get_config("running", ("subtree", wanted)))
        check("only what was asked for", TRUTH["junos"]["peer"] in part and "interfaces" not in part, part)
        with device.locked("candidate"):
            device.load_configuration(action="set", config=["set system host-name renamed"])
            compared = str(device.compare_configuration())
            check("diff", "host-name renamed" in compared, compared)
            device.commit(confirmed=True, timeout="300")
            device.commit()
        named = str(device.get_config("running", ("subtree", "<configuration><system><host-name/></system></configuration>")))
        check("committed", "renamed" in named, named)
        unknown = "<config><configuration><frobnicate><often/></frobnicate></configuration></config>"
        refused("an unknown statement", lambda: device.edit_config(unknown, target="candidate"))
        refused("an unknown RPC", lambda: device.rpc("<get-frobnication-information/>"))
        refused("JSON", lambda: device.load_configuration(format="json", config='{"configuration": {}}'))
        device.discard_changes()
        device.load_configuration(action="set", config=["set system host-name edge2"])
        device.commit()


def eznc_junos(ports, config):
    from jnpr.junos import Device
    from jnpr.junos.exception import ConfigLoadError, RpcError
    from jnpr.junos.op.arp import ArpTable
    from jnpr.junos.utils.config import Config

    truth = TRUTH["junos"]
    with Device(host="127.0.0.1", port=ports["netconf"], user=USER, password=PASSWORD, hostkey_verify=False, gather_facts=True) as device:
        check("facts", device.facts["hostname"] == truth["host"] and device.facts["serialnumber"], dict(device.facts))
        check("tables", [row.ip_address for row in ArpTable(device).get()] == [truth["peer"]])
        check("text of a command", "Junos:" in device.cli("show version", warning=False))
        with Config(device, mode="exclusive") as edit:
            edit.load("set system host-name renamed", format="set")
            check("diff", "host-name renamed" in edit.diff(), edit.diff())
            check("check", edit.commit_check())
            edit.commit(confirm=5, comment="conformance")
            edit.commit()
            check("no difference", edit.diff() is None, edit.diff())
            edit.rollback(2)  # the confirmation is a commit of its own
            edit.commit()
            try:
                edit.load("frobnicate { often; }", format="text")
            except ConfigLoadError as error:
                check("the bad statement is named", "frobnicate" in str(error), str(error))
            else:
                raise AssertionError("a bad statement was taken")
            edit.rollback(0)
        try:
            device.rpc.get_frobnication_information()
        except RpcError:
            return
        raise AssertionError("an unknown RPC was answered")


def sftp(path):
    def run(ports, config):
        import paramiko

        client = paramiko.SSHClient()
        client.set_missing_host_key_policy(paramiko.AutoAddPolicy())
        client.connect("127.0.0.1", port=ports["ssh"], username=USER, password=PASSWORD, look_for_keys=False, allow_agent=False)
        with client, client.open_sftp() as files, tempfile.TemporaryDirectory() as folder:
            near, back = os.path.join(folder, "near"), os.path.join(folder, "back")
            with open(near, "w") as file:
                file.write(config * 50)
            files.put(near, path)  # it compares the sizes
            files.get(path, back)
            with open(back) as file:
                check("the same text", file.read() == config * 50)
            files.remove(path)

    return run


OTHERS = {
    "eos": [("pyeapi", pyeapi_eos), ("sftp", sftp("/mnt/flash/conformance"))],
    "ios": [],
    "iosxr": [("ncclient", ncclient_iosxr), ("sftp", sftp("/disk0:/conformance"))],
    "nxos": [],
    "junos": [("ncclient", ncclient_junos), ("junos-eznc", eznc_junos)],
}
