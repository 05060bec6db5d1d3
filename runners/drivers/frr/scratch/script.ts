/**
 * The router's own FRR once more, where nothing of it can be felt: in namespaces of its own, as their process 1, so that all
 * of it is gone when its stdin ends; every path that FRR writes to is a copy in memory.
 *
 * $1 empty folder below /run, $2 word that parts the output, $3 a line for each daemon with its arguments, $4 names of
 * interfaces, $5 vtysh.conf, $6 how many MPLS labels there are. stdin: a line; for each text its size in a line, then the text;
 * `anew` for an empty one again. Printed: the daemons that are up; and for each text what was said to it; the daemons that
 * are up, and what runs.
 */
export const inside = `
base=$1 cut=$2 fleet=$3 links=$4 conf=$5 mpls=$6
umask 022
[ "$fleet" ] || { echo 'no daemon of FRR was found by its pid file' >&2; exit 1; }
mount --make-rprivate / && mount -t proc proc /proc && mount -t tmpfs -o mode=755 plumbline "$base" || exit 1
for d in etc var tmp run; do # /run comes last: the copies lie there
  mkdir "$base/$d" "$base/.$d" || exit 1
  mount -t overlay -o "lowerdir=/$d,upperdir=$base/$d,workdir=$base/.$d" plumbline "/$d" || exit 1
done
cd / && chmod 1777 /tmp
owner=$(stat -c %u:%g /var/run/frr)
mkdir -p /etc/frr/plumbline /var/run/frr/plumbline || exit 1
cat "$conf" > /etc/frr/plumbline/vtysh.conf 2>/dev/null
chown -R "$owner" /etc/frr/plumbline /var/run/frr/plumbline
for family in ipv4/ip_forward ipv6/conf/all/forwarding; do echo 1 > /proc/sys/net/$family; done 2>/dev/null
[ "$mpls" ] && echo "$mpls" > /proc/sys/net/mpls/platform_labels
kind=dummy; ip link add plumbline type dummy 2>/dev/null || kind=veth # with carrier: protocols do little without
trap 'exit 1' TERM
start() { exe=$1; shift; "$exe" "$@" -d -N plumbline -P 0 </dev/null >/dev/null 2>&1; }
begin() {
  (sleep 330; kill -s TERM 1) </dev/null >/dev/null 2>&1 & # the load has given up by then, and sshd may not know of it
  {
    printf '%s\\n' 'link set lo down' 'addr flush dev lo' 'link set lo up'
    for link in $links; do
      at=$((at + 1)); [ $kind = dummy ] || peer="peer name plumbline$at"
      printf '%s\\n' "link del $link" "link add $link type $kind $peer"
    done
  } | ip -force -batch - 2>/dev/null
  ip link set group default up
  echo "$fleet" | {
    while read -r exe args; do # the first ones are those that the others connect to
      case $exe in */mgmtd | */zebra) start "$exe" $args ;; *) start "$exe" $args & ;; esac
    done
    wait
  }
}
begin
vt() { vtysh -N plumbline "$@" </dev/null; }
fork=$(vtysh --help | grep -o -e --no-fork) # else each daemon reads the file by itself, and says what it thinks of others' lines
read -r asked # what else is printed of the router must be out by now
others() { for p in /proc/[0-9]*; do [ "$p" != /proc/1 ] && [ -e "$p/exe" ] && return; done; return 1; }
up() { vt -c 'show daemons' 2>/dev/null; echo "$cut 0"; }
up
while read -r size; do # nothing but its stdin is waited for: a daemon that hangs ends with the session too
  if [ "$size" = anew ]; then
    kill -s KILL -- -1; rounds=500; while others; do sleep 0.01; [ $((rounds -= 1)) -gt 0 ] || exit 1; done
    rm -rf /var/run/frr/plumbline/*; begin; up; continue
  fi
  head -c "$size" > /tmp/plumbline.conf
  {
    vt $fork -f /tmp/plumbline.conf 2>&1; echo "$cut $?"
    vt -c 'show daemons' -c 'show running-config no-header' 2>/dev/null; echo "$cut $?"
  } &
done
`;

/** Shell functions that tell what a scratch is made of. */
export const surroundings = `
fleet() { # a line for each daemon that is up: its program, and of its arguments those that its configuration depends on
  R=/var/run/frr\${PS:+/$PS}
  for f in "$R/mgmtd.pid" "$R/zebra.pid" "$R"/[!mwz]*.pid; do
    pid=$(cat "$f" 2>/dev/null) && exe=$(readlink "/proc/$pid/exe") || continue
    name=\${f##*/}; name=\${name%.pid}
    [ "\${exe##*/}" = "\${name%-[0-9]*}" ] || continue
    printf '%s' "$exe"
    tr '\\0' '\\n' < "/proc/$pid/cmdline" | awk '
      keep || /^(-[MeF].|--(module|ecmp|profile)=)/ { printf " %s", $0; keep = 0; next }
      /^(-[MeF]|--module|--ecmp|--profile)$/ { printf " %s", $0; keep = 1 }'
    echo
  done
}
links() { # the interfaces that texts name and that are there
  sed -n 's/^ *int[a-z]* \\([^ /]*\\).*/\\1/p; s/^ *neighbor \\([^ /]*\\) interface.*/\\1/p' "$@" 2>/dev/null | sort -u |
    while read -r link; do [ "$link" != lo ] && [ -e "/sys/class/net/$link" ] && echo "$link"; done
}
`;
