// What runs on the router, in POSIX sh. $1 is the path space ('' for none); nothing else is ever pasted into a script.
//
// /run/plumbline/<ps>/c-<epoch>-<job>  a candidate: new/frr.conf, old/frr.conf, and the lines that lead there: forth, back
// /run/plumbline/<ps>/trial            the one trial: a candidate that was renamed into place, which is the lock
//   armed.<id>, confirmed.<id>, undoing.<id>  one file, renamed: whoever renames it first decides
//   watcher, worker, undoer            "pid start": the dead-man switch, the process group that applies, the one that undoes
// /var/lib/plumbline/<ps>/<at>-<job>   what was running before that job

/** Shell functions that every script starts with, the dead-man switch's included. */
export const library = `
umask 077
PS=$1; shift
K=\${PS:-default}
E=/etc/frr\${PS:+/$PS}
D=/run/plumbline/$K
T=$D/trial
S=/var/lib/plumbline/$K
RELOAD=/usr/lib/frr/frr-reload.py
vt() { vtysh \${PS:+-N "$PS"} "$@" </dev/null; }
running() { vt -c 'show running-config no-header'; }
daemons() { vt -c 'show daemons'; }
state() { vt -c configure -c end -c 'show daemons' -c 'show running-config no-header'; } # the first two show a lock
uptime() { cut -d. -f1 /proc/uptime; }
born() { # when a process started; nothing for one that is dead, reaped or not
  set -- $(sed 's/.*) //' "/proc/$1/stat" 2>/dev/null)
  case \${1:-Z} in Z | X) ;; *) shift 19; echo "$1" ;; esac
}
sign() { echo "$$ $(born $$)" > "$1"; }
living() { pid=; read -r pid start 2>/dev/null < "$1" && [ -n "$pid" ] && [ "$(born "$pid")" = "$start" ]; }
slay() { living "$1" && kill -s KILL -- "-$pid" 2>/dev/null; while living "$1"; do sleep 0.05; done; }
undecided() { [ -d "$T" ] && ! marker armed && ! marker confirmed && ! marker undoing; }
marker() { for f in "$T/$1".*; do [ -e "$f" ] && return 0; done; return 1; }
meta() { sed -n "s/^$2=//p" "$1/meta"; }
saved() { ls -1d "$S"/*-"$1" 2>/dev/null | tail -n 1; } # the newest: a job that a crash cut off is begun again
outcome() { f=$(saved "$1"); [ -d "$f" ] && echo "$2" > "$f/.o" && mv "$f/.o" "$f/outcome"; }
settled() { f=$(saved "$1"); [ -d "$f" ] && cat "$f/outcome"; }
prune() { ls -1 "$S" | sort -r | tail -n +11 | while read -r f; do rm -rf "\${S:?}/$f"; done; }
remove() { mv -T "$T" "$D/.done-$$" && rm -rf "$D/.done-$$"; rmdir "$D" 2>/dev/null; }
apply() { # $1 seconds, $2 marker that must still be there once we can be killed, then what to run
  seconds=$1 marker=$2; shift 2
  setsid timeout -s KILL "$seconds" sh -c '
    T=$1 marker=$2; shift 2
    group=$(sed "s/.*) //" "/proc/$$/stat" | cut -d" " -f3)
    echo "$group $(sed "s/.*) //" "/proc/$group/stat" | cut -d" " -f20)" > "$T/worker"
    [ -e "$T/$marker" ] || exit 75
    exec "$@"
  ' sh "$T" "$marker" "$@" >"$T/log" 2>&1 </dev/null &
  wait $!; rc=$?
  rm -f "$T/worker"
  return $rc
}
fork() { vtysh --help | grep -o -e --no-fork; } # else each daemon reads a file by itself, and complains of others' lines
enter() { # $1 seconds, $2 marker, $3 file with the lines; they are read part by part
  rm -f "$3".part.*
  awk -v part="$3.part." 'BEGIN { n = 100 } /^!--$/ { n++; next } { print > (part n) }' "$3"
  apply "$1" "$2" sh -c 'file=$1; shift; for part in "$file".part.*; do "$@" -f "$part"; done' sh "$3" vtysh \${PS:+-N "$PS"} $(fork)
}
reload() { # $1 marker: the tool of the release, where it is installed
  [ -x "$RELOAD" ] || return
  mkdir -p "$T/tmp" "$T/old/$PS"
  [ -f "$E/vtysh.conf" ] && cp "$E/vtysh.conf" "$T/old/$PS/"
  apply 600 "$1" "$RELOAD" \${PS:+-N "$PS"} --confdir "$T/old" --rundir "$T/tmp" --stdout --log-level warning --reload "$T/old/frr.conf"
  rm -rf "$T/tmp"
}
refresh() { # a policy that changed does not touch what sessions have already exchanged
  config=$1; set --
  for vrf in $(sed -n 's/^router bgp [0-9.]* vrf \\([^ ]*\\).*/\\1/p' "$config"); do
    set -- "$@" -c "clear bgp vrf $vrf * soft"
  done
  if grep -q '^router bgp' "$config"; then vt -c 'clear bgp * soft' "$@" >/dev/null 2>&1; fi
}
plain() { # each line with its contexts, sorted: FRR prints some of them in the order in which they were made
  awk '
    { sub(/[ \\t]+$/, "") }
    /^[ \\t]*([!#]|$)/ || /^[ \\t]*(exit(-[-a-z]+)?|end)$/ { next }
    { match($0, /^[ \\t]*/); depth = RLENGTH
      while (n > 0 && at[n] >= depth) n--
      at[++n] = depth; line[n] = substr($0, depth + 1); path = ""
      for (i = 1; i <= n; i++) path = path line[i] "\\t"
      if (path !~ /^interface [^\\t]*\\t$/) print path }' "$1" | sort # an interface alone says nothing
}
restored() {
  running > "$T/now" || return 1
  cmp -s "$T/now" "$T/old/frr.conf" && return 0
  plain "$T/now" > "$T/now.plain"; plain "$T/old/frr.conf" | cmp -s - "$T/now.plain"
}
down() { now=$(daemons); for d in $(head -n 1 "$T/state"); do case " $now " in *" $d "*) ;; *) echo "$d is down" ;; esac; done; }
risen() { # what the change has killed is started again by watchfrr, and reads startup then
  [ -e "/var/run/frr\${PS:+/$PS}/watchfrr.pid" ] || return
  seconds=40; while [ "$(down)" ] && [ $((seconds -= 1)) -gt 0 ]; do sleep 1; done
}
undo() { # $1 id; only whoever renamed the marker to undoing.<id> gets here, or who found that one dead
  sign "$T/undoer"
  slay "$T/worker"; rm -rf "$T/tmp" "$T/undo_failed"
  risen
  tries=0
  until restored; do
    tries=$((tries + 1))
    case $tries in
      1) enter 600 "undoing.$1" "$T/back" ;;
      2 | 4) enter 600 "undoing.$1" "$T/forth"; enter 600 "undoing.$1" "$T/back" ;; # where it was cut off: whole, then back
      3 | 5) sleep 1; reload "undoing.$1" ;;
      *) : > "$T/undo_failed"; refresh "$T/old/frr.conf"; exit 1 ;;
    esac
  done
  refresh "$T/old/frr.conf"
  outcome "$(meta "$T" job)" undone
  remove
}
`;

/** The dead-man switch: $1 path space, $2 id, $3 seconds, or `now`. Deaf to what ends a login. */
export const watch = `${library}
trap '' HUP INT TERM PIPE
id=$1
if [ "$2" != now ]; then
  sign "$T/watcher"
  end=$(($(uptime) + $2))
  echo $end > "$T/end"
  : > "$T/armed.$id" || exit 1
  echo armed
  exec >/dev/null 2>&1
  while [ -e "$T/armed.$id" ] && left=$((end - $(uptime))) && [ $left -gt 0 ]; do sleep $left; done
  mv "$T/armed.$id" "$T/undoing.$id" 2>/dev/null || exit 0
fi
undo "$id"
`;
