"""Every getter that a driver of NAPALM has: none fails, and what they tell is what the configuration says."""

from truth import TRUTH, check

ARGUMENTS = {"get_route_to": ("subnet", "connected"), "ping": ("peer",), "traceroute": ("peer",)}


def getters(device, platform):
    from napalm.base import NetworkDriver

    truth = TRUTH[platform]
    driver = type(device)
    told, failed = {}, []
    for name in sorted(dir(driver)):
        own = getattr(driver, name) is not getattr(NetworkDriver, name, None)
        if not own or not (name.startswith("get_") or name in ("ping", "traceroute")):
            continue
        given = [truth.get(one, one) for one in ARGUMENTS.get(name, ())]
        try:
            told[name] = getattr(device, name)(*given)
        except NotImplementedError:
            pass
        except Exception as error:
            failed.append(f"{name}: {type(error).__name__}: {error}")
    check("no getter fails", not failed, failed)
    compare(told, truth, platform)
    return sorted(told)


def compare(told, truth, platform):
    port, peer, asn = truth["port"], truth["peer"], truth["asn"]
    check("host name", told["get_facts"]["hostname"] == truth["host"], told["get_facts"])
    check("uptime", told["get_facts"]["uptime"] > 0, told["get_facts"])
    check("ports", port in told["get_interfaces"] and told["get_interfaces"][port]["is_up"], told["get_interfaces"])
    check("address", told["get_interfaces_ip"][port]["ipv4"] == {truth["address"]: {"prefix_length": 31}}, told["get_interfaces_ip"])
    check("counters", told["get_interfaces_counters"][port]["rx_octets"] > 0, told["get_interfaces_counters"])
    check("session", told["get_bgp_neighbors"]["global"]["peers"][peer]["remote_as"] == asn, told["get_bgp_neighbors"])
    if "get_bgp_neighbors_detail" in told:
        every = [one for vrf in told["get_bgp_neighbors_detail"].values() for one in vrf.get(asn, [])]
        [detail] = [one for one in every if one["remote_address"] == peer]
        seen = (detail["local_address"], detail["remote_address"], detail["up"])
        check("ends of the session", seen == (truth["address"], peer, True), detail)
    check("ARP", any(row["ip"] == peer and row["interface"] == port for row in told["get_arp_table"]), told["get_arp_table"])
    check("user", "admin" in told["get_users"], told["get_users"])
    check("processor", told["get_environment"]["cpu"], told["get_environment"])
    if platform != "iosxr":  # its driver knows neither of them
        check("VRF", port in told["get_network_instances"]["default"]["interfaces"]["interface"], told["get_network_instances"])
        check("ping", told["ping"]["success"]["packet_loss"] == 0, told["ping"])
    hop = told["traceroute"]["success"][1]["probes"][1]
    check("traceroute", hop["ip_address"] == peer, told["traceroute"])
    routes = told["get_route_to"].get(truth["subnet"], [])
    if platform != "nxos":  # its driver does not know "connected"
        check("route", len(routes) == 1, told["get_route_to"])
    if platform == "eos":  # its ports speak LLDP unless told otherwise
        check("LLDP", told["get_lldp_neighbors"] == {port: [{"hostname": "spine1", "port": "Ethernet1/1"}]}, told["get_lldp_neighbors"])
        check("LLDP in detail", told["get_lldp_neighbors_detail"][port][0]["remote_system_name"] == "spine1")
        check("VLANs", told["get_vlans"]["11"] == {"name": "tenant1", "interfaces": ["Ethernet2"]}, told["get_vlans"])
