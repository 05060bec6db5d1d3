"""What the configurations of this suite say: each simulated device must tell the same, whoever asks."""

TRUTH = {
    "eos": {"host": "leaf1", "port": "Ethernet1", "address": "10.1.1.1", "peer": "10.1.1.0", "asn": 65100, "subnet": "10.1.1.0/31"},
    "ios": {"host": "edge1", "port": "GigabitEthernet2", "address": "10.0.0.1", "peer": "10.0.0.0", "asn": 65000, "subnet": "10.0.0.0/31"},
    "iosxr": {"host": "core1", "port": "GigabitEthernet0/0/0/0", "address": "10.0.0.0", "peer": "10.0.0.1", "asn": 65001, "subnet": "10.0.0.0/31"},
    "nxos": {"host": "leaf3", "port": "Ethernet1/1", "address": "10.0.1.1", "peer": "10.0.1.0", "asn": 65100, "subnet": "10.0.1.0/31"},
    "junos": {"host": "edge2", "port": "ge-0/0/0.0", "address": "10.0.2.1", "peer": "10.0.2.0", "asn": 65000, "subnet": "10.0.2.0/31"},
}


def check(what, condition, seen=""):
    if not condition:
        raise AssertionError(f"{what}: {seen!r}"[:2000])
