import { library } from './library.ts';
import { surroundings } from './scratch/script.ts';

// One script for each thing that a session does on the router; frr-library.ts says how the folders there are laid out.

/**
 * $2 candidate, $3 word that parts the output, $4 the script of a scratch, '' for none. stdin: the size of the text, the text,
 * and what the scratch reads. Printed: what the syntax check says; names of the interfaces; the daemons that are up, and
 * what runs. Then what the scratch prints, or why there is none.
 */
export const load = `${library}${surroundings}
C=$D/$1; cut=$2; scratch=$3
rm -rf "$C"
make() { mkdir -p "$C/new" "$C/old"; }
make 2>/dev/null || make || exit 1 # someone may have removed the empty folder above it in between
read -r size && head -c "$size" > "$C/new/frr.conf" || exit 1
{
  vt -C -f "$C/new/frr.conf" 2>&1; echo "$cut $?"
  ls /sys/class/net; echo "$cut 0"
  state > "$C/state" 2> "$C/err"; read=$?
  tail -n +2 "$C/state" > "$C/old/frr.conf"
  cat "$C/state" "$C/err"; echo "$cut $read"
} </dev/null &
if [ "$scratch" ]; then
  mkdir "$C/scratch"
  fleet=$(fleet) links=$(links "$C/new/frr.conf" "$E/frr.conf") mpls=$(cat /proc/sys/net/mpls/platform_labels 2>/dev/null)
  nice unshare -m -n -u -p -f sh -c "$scratch" plumbline "$C/scratch" "$cut" "$fleet" "$links" "$E/vtysh.conf" "$mpls" 2> "$C/why"; ended=$?
  wait
  [ $ended = 0 ] || { cat "$C/why"; echo "$cut $ended"; }
fi
wait
`;

/**
 * $2 candidate, $3 id, $4 seconds of the timer, $5 seconds for applying, $6 job, $7 lines for `meta`, $8 the dead-man switch,
 * $9 word that parts the output. stdin: the size of the lines that lead back, and these; once `armed` was printed, again and
 * again, the size of lines to type, and these. Printed for each: what was said to them; what then runs.
 */
export const commit = `${library}
C=$D/$1; id=$2; seconds=$3; limit=$4; job=$5; cut=$8
no() { rm -rf "$kept"; echo "$1"; echo "$cut 0"; exit 0; }
[ -d "$C" ] || no lost
receive() { read -r size && head -c "$size" > "$1" && [ "$(wc -c < "$1")" -eq "$size" ]; } # whole, or the connection was lost
receive "$C/back" || exit 1
state > "$C/now" 2>/dev/null & # reading takes longest: the rest is done beside it
reader=$! at=$(date +%s) kept=$S/.new-$$
printf '%s\\n' "$6" "at=$at" "from=\${SSH_CLIENT%% *}" "user=$(id -un)" "boot=$(cat /proc/sys/kernel/random/boot_id)" > "$C/meta"
printf '%s\\n' "$7" > "$C/watch"
: > "$C/forth"
echo unknown > "$C/outcome"
sign "$C/session"
mkdir -p "$kept" && cp "$C/old/frr.conf" "$C/meta" "$C/outcome" "$kept/" || no unsaved
wait $reader || no unread
cmp -s "$C/now" "$C/state" || no changed
mv -T "$C" "$T" 2>/dev/null || no held
mv -T "$kept" "$S/$at-$job" || { remove; no unsaved; }
[ "$(setsid sh "$T/watch" "$PS" "$id" "$seconds" </dev/null 2>/dev/null &)" = armed ] || { remove; no unwatched; }
prune >/dev/null 2>&1 </dev/null &
echo armed; echo "$cut 0"
while receive "$T/lines"; do
  { cat "$T/lines"; echo '!--'; } >> "$T/forth"
  enter "$limit" "armed.$id" "$T/lines"; rc=$?
  cat "$T/log"; echo "$cut $rc"
  state > "$T/runs" 2>/dev/null; rc=$?
  cat "$T/runs"; echo "$cut $rc"
done
[ -f "$T/runs" ] && refresh "$T/runs"
exit 0
`;

/** $2 id, $3 job. */
export const confirm = `${library}
id=$1; job=$2
if [ -e "$T/armed.$id" ] || [ -e "$T/confirmed.$id" ]; then # what a daemon that is down was configured with would not be saved
  up=$(daemons); [ "$up" = "$(head -n 1 "$T/state")" ] || { echo down; echo "$up"; exit 0; }
fi
if ! mv "$T/armed.$id" "$T/confirmed.$id" 2>/dev/null && ! [ -e "$T/confirmed.$id" ]; then
  if marker undoing; then echo undoing; else echo "gone $(settled "$job")"; fi
  exit 0
fi
if [ "$(meta "$T" boot)" != "$(cat /proc/sys/kernel/random/boot_id)" ]; then mv "$T/confirmed.$id" "$T/undoing.$id"; echo rebooted; exit 0; fi
slay "$T/watcher"
vt -c 'write memory' -c 'show running-config no-header' > "$T/log" 2>&1
sed '1,/^.OK.$/d' "$T/log" > "$T/now"
plain() { grep -v -e '^!' -e '^end$' -e '^ *$' "$1"; }
plain "$T/now" > "$T/now.plain"; plain "$E/frr.conf" > "$T/startup.plain"
if ! [ -s "$T/now.plain" ] || ! cmp -s "$T/now.plain" "$T/startup.plain"; then echo unsaved; sed '/^.OK.$/q' "$T/log"; exit 0; fi
outcome "$job" applied
remove
echo confirmed
`;

/** $2 id, $3 job. Waits until the undo is over, whoever does it. */
export const undo = `${library}
id=$1; job=$2
while undecided && living "$T/session"; do sleep 0.1; done
if undecided; then outcome "$job" undone; remove; fi
if mv "$T/armed.$id" "$T/undoing.$id" 2>/dev/null; then slay "$T/watcher"; fi
if [ -e "$T/confirmed.$id" ]; then echo confirmed; exit 0; fi
while [ -e "$T/undoing.$id" ] && { living "$T/undoer" || { living "$T/watcher" && ! [ -e "$T/undo_failed" ]; }; }; do sleep 0.1; done
if [ -e "$T/undoing.$id" ]; then
  setsid sh "$T/watch" "$PS" "$id" now </dev/null >/dev/null 2>&1 &
  wait $!
fi
if [ -e "$T/undo_failed" ]; then echo failed; down; diff "$T/old/frr.conf" "$T/now" | sed -n 's/^< */-/p; s/^> */+/p' | head -n 2
else echo "gone $(settled "$job")"; fi
`;

/** What waits on the router: lines of key=value; nothing when nothing does. */
export const pending = `${library}
[ -d "$T" ] || exit 0
phase=
for word in armed confirmed undoing; do marker "$word" && phase=$word; done
if [ -z "$phase" ] && ! living "$T/session"; then exit 0; fi
cat "$T/meta" 2>/dev/null
echo "now=$(date +%s)"
echo "phase=$phase"
[ -e "$T/end" ] && echo "left=$(($(cat "$T/end") - $(uptime)))"
living "$T/watcher" && echo watched=yes
[ -e "$T/undo_failed" ] && echo failed=yes
[ "$(meta "$T" boot)" = "$(cat /proc/sys/kernel/random/boot_id)" ] || echo rebooted=yes
exit 0
`;

/** $2 epoch: removes what older epochs left, but for a trial; prints what it removed. */
export const clean = `${library}
for f in "$D"/c-*; do
  [ -d "$f" ] || continue
  epoch=\${f##*/c-}; epoch=\${epoch%%-*}
  [ "$epoch" -lt "$1" ] 2>/dev/null && rm -rf "$f" && echo "candidate \${f##*/}"
done
for f in "$D"/.done-* "$S"/.new-*; do [ -d "$f" ] && ! [ -d "/proc/\${f##*-}" ] && rm -rf "$f"; done
if undecided && ! living "$T/session"; then remove && echo 'trial that was never armed'; fi
rmdir "$D" 2>/dev/null
exit 0
`;

/** $2 candidate. */
export const discard = `${library}
rm -rf "\${D:?}/$1"; rmdir "$D" 2>/dev/null; exit 0
`;

/** Prints folder name, outcome and meta of each saved configuration. */
export const saved = `${library}
for f in "$S"/*-*; do [ -f "$f/frr.conf" ] && { echo "saved=\${f##*/}"; cat "$f/meta"; echo "outcome=$(cat "$f/outcome")"; }; done
exit 0
`;

/** $2 job: its saved text. */
export const savedText = `${library}
for f in "$S"/*-"$1"; do [ -f "$f/frr.conf" ] && exec cat "$f/frr.conf"; done
exit 4
`;

/** Uptime, hardware and interfaces, for the facts. */
export const facts = `${library}
echo "uptime=$(cut -d' ' -f1 /proc/uptime)"
echo "fqdn=$(hostname -f 2>/dev/null)"
for k in sys_vendor product_name product_serial; do echo "$k=$(cat "/sys/class/dmi/id/$k" 2>/dev/null)"; done
for f in /sys/class/net/*; do echo "interface=\${f##*/}"; done
vt -c 'show version' | sed -n 's/^/version=/;1p'
`;

/** The startup configuration. */
export const startup = `${library}
exec cat "$E/frr.conf"
`;
