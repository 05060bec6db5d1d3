import { library } from './library.ts';

// What runs on the server, one script for each thing that a session does; library.ts says how the folders there are laid out.

/** $1: name. Begins a candidate. */
export const begin = `${library}
rm -rf "$S/c-$1" && mkdir -p "$S/c-$1/new" && : > "$S/c-$1/list"`;

/**
 * $1: name. stdin: for each file a line NUMBER MODE BYTES SHA256 PATH, then the file itself; one that shall not exist
 * has `-` for its hash.
 */
export const put = `${library}
refuse() { cat > /dev/null; echo "$*" >&2; exit 3; }
# dash says "I/O error" where a disk is full, and head nothing at all
lost() { cat > /dev/null; [ "$(df -Pk "$S" | awk 'END { print $4 }')" -ge 8 ] && echo "$*" >&2 || echo "$S: No space left on device" >&2; exit 1; }
cd "$S/c-$1" || { cat > /dev/null; exit 1; }
while read -r n mode size sum path; do
  [ ! -L "$path" ] || refuse "$path: it is a symbolic link to $(readlink "$path")"
  [ ! -e "$path" ] || [ -f "$path" ] || refuse "$path: it is not a plain file"
  echo "$n $mode $path" >> list || lost "the list of files was not written"
  [ "$sum" != - ] || continue
  head -c "$size" > "new/$n" && [ "$(sha256sum < "new/$n" | cut -d' ' -f1)" = "$sum" ] || lost "$path did not arrive whole"
  if [ -e "$path" ]; then chown --reference="$path" "new/$n"; else chown 0:0 "new/$n"; fi
  chmod "$mode" "new/$n" || { cat > /dev/null; exit 1; }
done`;

/** $1: name. */
export const discard = `${library}
rm -rf "$S/c-$1"`;

/** $1: name, $2: job, $3: epoch, $4: hash, $5: reload command. stdin: what is there now, as text. Prints \`busy\` where a trial is in the way. */
export const save = `${library}
[ -e "$T" ] && { echo busy; exit; }
C=$S/c-$1; echo "$1" > "$C/name"; echo "$2" > "$C/job"; echo "$3" > "$C/epoch"; echo "$PLUMB_DEVICE" > "$C/device"; printf '%s' "$5" > "$C/reload"; mkdir -p "$C/old"
while read -r n mode path; do [ ! -e "$path" ] || cp -p "$path" "$C/old/$n" || exit 1; done < "$C/list"
at=$(date +%s); mkdir -p "$S/s-$at-$2" && cat > "$S/s-$at-$2/config" && echo "$4" > "$S/s-$at-$2/sha256" || { rm -rf "$S/s-$at-$2"; exit 1; }
echo unknown > "$S/s-$at-$2/outcome"
ls -1 "$S" | grep '^s-' | sort -t- -k2 -rn | tail -n +11 | while read -r old; do rm -rf "\${S:?}/$old"; done
said=$(LC_ALL=C mv -T "$C" "$T" 2>&1) || {
  rm -rf "$S/s-$at-$2"
  case $said in *'not empty'* | *exists*) echo busy; exit ;; esac
  echo "$said" >&2; exit 1
}
sync -f "$T" 2>/dev/null; true`;

const watch = `${library}
trap '' HUP INT TERM PIPE
claim watcher; : > "$T/armed"
end=$(($(cut -d. -f1 /proc/uptime) + $1))
while [ "$(cut -d. -f1 /proc/uptime)" -lt "$end" ]; do
  sleep 0.2
  [ -e "$T/armed" ] || [ -e "$T/undoing" ] || exit 0
  { read -r pid start < "$T/watcher"; } 2>/dev/null && [ "$pid" = $$ ] || exit 0 # the trial of somebody else by now
done
# whoever has begun to undo may die in it
until mv "$T/armed" "$T/undoing" 2>/dev/null || ! living undoer; do sleep 1; done
[ -e "$T/undoing" ] || exit 0
claim undoer
until restore; do sleep 5; done
[ -z "$why" ] || printf '%s\\n' "$why" | tail -n 5 > "$S/r-$(cat "$T/name")"
finish undone`;

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/**
 * $1: name, $2: seconds. Prints `applied`; or `failed`, what (`switch`, `files` or `reload`) and whether what was before is
 * `back` or `stuck`, then the reason.
 */
export const apply = `${library}
ours "$1" || exit 1
echo $(($(date +%s) + $2)) > "$T/expires"
setsid sh -c ${quoted(watch)} plumbline "$2" </dev/null >/dev/null 2>&1 &
for i in $(seq 100); do [ -e "$T/armed" ] && break; sleep 0.05; done
[ -e "$T/armed" ] || { finish undone; echo failed switch back; echo "the dead-man switch did not start"; exit; }
keep
if said=$(place "$T/new" "$T/list" 2>&1); then
  what=reload
  if reload > "$T/said" 2>&1; then echo applied; exit; fi
  said=$(tail -n 5 "$T/said")
else what=files; fi
end=stuck
why=
if mv "$T/armed" "$T/undoing" 2>/dev/null; then claim undoer; restore && finish undone && end=back
else for i in $(seq 300); do ours "$1" || { end=back; break; }; living undoer || break; sleep 0.2; done; fi
[ $end = stuck ] || [ -z "$why" ] || end=half
echo "failed $what $end"; printf '%s\\n' "$said"; [ -z "$why" ] || printf 'then: %s\\n' "$why" | tail -n 5`;

/** Prints what is known of a trial. */
export const look = `${library}
[ -d "$T" ] || exit 0
for key in name device expires; do echo "$key=$(cat "$T/$key" 2>/dev/null)"; done
echo "now=$(date +%s)"
for phase in armed confirmed undoing; do [ -e "$T/$phase" ] && echo "phase=$phase"; done
living watcher && echo living=1; true`;

/** $1: name. Prints \`confirmed\`, \`undone\` or \`gone\`. */
export const confirm = `${library}
ours "$1" || { echo gone; exit; }
mv "$T/armed" "$T/confirmed" 2>/dev/null
[ -e "$T/confirmed" ] || { echo undone; exit; }
finish applied; echo confirmed`;

/**
 * $1: name. Prints `undone`, `confirmed` or `gone`; with the reason in the lines below `failed`, or `half` where the files
 * are back and the reload failed.
 */
export const undo = `${library}
failed() { echo failed; printf '%s\\n' "$1" | tail -n 5; exit; }
ours "$1" || { echo gone; exit; }
[ -e "$T/confirmed" ] && { echo confirmed; exit; }
if ! mv "$T/armed" "$T/undoing" 2>/dev/null; then
  for i in $(seq 300); do ours "$1" || { echo undone; exit; }; living undoer || break; sleep 0.2; done
  living undoer && failed "its dead-man switch has tried to for a minute, and goes on"
fi
claim undoer
restore || failed "$why"
while read -r n mode path; do
  if [ -e "$T/old/$n" ]; then cmp "$T/old/$n" "$path" >/dev/null 2>&1 || failed "$path is not what it was"
  elif [ -e "$path" ]; then failed "$path is there again"; fi
done < "$T/list"
finish undone
[ -z "$why" ] || { echo half; printf '%s\\n' "$why" | tail -n 5; exit; }
echo undone`;

/** $1: name. Takes back what \`save\` made, where nothing was applied. */
export const unsave = `${library}
ours "$1" && [ ! -e "$T/armed" ] && finish undone; true`;

/** $1: epoch. Prints what was removed. */
export const clean = `${library}
for f in "$S"/c-plumb-*; do
  [ -d "$f" ] && [ "\${f##*-}" -lt "$1" ] && rm -rf "$f" && echo "$f"
done
for f in "$S"/r-*; do
  [ -f "$f" ] && echo "trial \${f##*/r-}, undone by its timer: the reload failed: $(tr '\\n' ' ' < "$f")" && rm -f "$f"
done
for f in "$S"/u-*; do
  [ -f "$f" ] && [ "\${f##*-}" -lt "$1" ] && drop "$f"
done
# saved, and cut off before the switch was armed: nothing had been changed
if [ -d "$T" ] && [ "$(cat "$T/device")" = "$PLUMB_DEVICE" ] && [ ! -e "$T/armed" ] && [ ! -e "$T/confirmed" ] && [ ! -e "$T/undoing" ] && [ "$(cat "$T/epoch")" -lt "$1" ]; then
  finish undone; echo "$T"
fi; true`;

/** $1 …: paths. Prints two lines for each that is there: path and mode, then the file in base64. */
export const read = `
export LC_ALL=C
for path in "$@"; do
  if [ ! -f "$path" ]; then
    # what we may not look at is not what is missing
    said=$(stat -L -- "$path" 2>&1) && said="$path is not a plain file"
    case $said in *"No such file"* | *"Not a directory"*) continue ;; *) echo "$said" >&2; exit 1 ;; esac
  fi
  echo "$path $(stat -Lc %a "$path")"
  base64 -w 0 < "$path" || exit 1; echo
done`;

/** Prints AT JOB SHA256 OUTCOME, newest first. */
export const saved = `${library}
ls -1 "$S" 2>/dev/null | sed -n 's/^s-//p' | sort -rn | while read -r f; do
  echo "\${f%%-*} \${f#*-} $(cat "$S/s-$f/sha256") $(cat "$S/s-$f/outcome")"
done`;

/** $1: job. */
export const savedConfig = `${library}
for f in "$S"/s-*-"$1"; do [ -d "$f" ] && exec cat "$f/config"; done; exit 44`;

export const facts = `
hostname; hostname -f 2>/dev/null || echo; . /etc/os-release; echo "$PRETTY_NAME"; uname -r; cut -d. -f1 /proc/uptime
cat /sys/class/dmi/id/sys_vendor 2>/dev/null || echo; cat /sys/class/dmi/id/product_name 2>/dev/null || echo
cat /sys/class/dmi/id/product_serial 2>/dev/null || echo; ls /sys/class/net`;
