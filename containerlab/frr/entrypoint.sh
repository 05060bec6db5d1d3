#!/bin/sh
# Starts the routing daemons and the sshd of one router.
set -eu
: "${ROUTER_PASSWORD:?the password of root on this router}"
echo "root:$ROUTER_PASSWORD" | chpasswd
unset ROUTER_PASSWORD

# what the router boots with, so that the first deployment has something to do
if [ ! -s /etc/frr/frr.conf ]; then
  printf 'frr defaults traditional\nhostname %s\nservice integrated-vtysh-config\n!\n' "$(hostname)" >/etc/frr/frr.conf
fi
chown -R frr:frr /etc/frr
chmod 0640 /etc/frr/frr.conf /etc/frr/vtysh.conf /etc/frr/daemons

mkdir -p /run/sshd
[ -f /etc/ssh/ssh_host_ed25519_key ] || ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key
/usr/lib/frr/frrinit.sh start
exec /usr/sbin/sshd -D -e
