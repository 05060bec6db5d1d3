// What runs on the router, in POSIX sh. $1 is the configuration file, $2 the control socket ('' for the default one).
//
// CONF.plumb-JOB-EPOCH              a candidate, beside the file, so that relative includes mean the same
// CONF.plumb-JOB-EPOCH.trial        what a trial loads: the candidate, and a mark that tells later whether BIRD runs it
// /run/plumbline/bird-…/trial       the one trial
// /var/lib/plumbline/bird-…/AT-JOB  what the file held before that job

const library = `
umask 077
CONF=$(readlink -f "$1") SOCK=$2; shift 2
K=$(printf %s "$CONF" | tr -c 'A-Za-z0-9' _)
R=/run/plumbline/bird-$K T=/run/plumbline/bird-$K/trial S=/var/lib/plumbline/bird-$K
b() { birdc \${SOCK:+-s "$SOCK"} -v "$@" </dev/null; }
b show status >/dev/null || exit 1 # it does not answer: stderr says why
waiting() { b configure status | grep -q '^0022'; }
settle() { for i in $(seq 300); do b show status | grep -qi 'reconfiguration in progress' || return 0; sleep 0.1; done; }
ours() { [ -d "$T" ] && [ "$(cat "$T/name")" = "$1" ]; }
# by our mark in what BIRD runs: its times are as coarse as its timeformat
ran() { [ -s "$T/name" ] && b eval plumbline_trial | grep -qxF "0023 $(cat "$T/name")"; }
# a job that a crash cut off has saved more than once: how the earlier ones ended is known
outcome() { for f in "$S"/*-"$(cat "$T/job")"; do [ "$(cat "$f/outcome" 2>/dev/null)" != unknown ] || echo "$1" > "$f/outcome"; done; }
drop() { rm -f "$CONF.$1" "$CONF.$1.trial"; }
finish() { outcome "$1"; drop "$(cat "$T/name")"; mv "$T" "$R/done-$$" && rm -rf "$R/done-$$"; }
`;

/** stdin: the text. $1: its name. Prints what BIRD says of it. */
export const load = `${library}
waiting && { echo waiting; exit; }
F=$CONF.$1
cp -p "$CONF" "$F.new" && cat > "$F.new" && mv "$F.new" "$F" || exit 1
b configure check "\\"$F\\""; true`;

/** $1: name. */
export const discard = `${library}
ours "$1" || drop "$1"`;

/** $1: name, $2: job, $3: epoch, $4: hash. Prints \`busy\` where somebody's trial is in the way. */
export const save = `${library}
mkdir -p "$R" "$S" && { mkdir "$T" 2>/dev/null || { echo busy; exit; }; }
echo "$1" > "$T/name"; echo "$2" > "$T/job"; echo "$3" > "$T/epoch"
at=$(date +%s); mkdir -p "$S/$at-$2" && cat "$CONF" > "$S/$at-$2/config" && echo "$4" > "$S/$at-$2/sha256" || exit 1
echo unknown > "$S/$at-$2/outcome"; sync -f "$S" 2>/dev/null
ls -1 "$S" | sort -rn | tail -n +11 | while read -r old; do rm -rf "\${S:?}/$old"; done`;

/** Takes back what \`save\` made, where nothing was applied. */
export const unsave = `${library}
ours "$1" && finish undone; true`;

/** $1: name, $2: seconds. */
export const apply = `${library}
F=$CONF.$1.trial
cp -p "$CONF.$1" "$F" && printf 'include "%s";\\ndefine plumbline_trial = "%s";\\n' "\${CONF##*/}.$1" "$1" > "$F" || exit 1
b configure "\\"$F\\"" timeout "$2"
settle`;

/** Prints what is known of a trial. */
export const look = `${library}
b configure status | sed -n 's/^0022.*undo in \\([0-9.]*\\).*/waiting=\\1/p'
[ -d "$T" ] || exit 0
for key in name job epoch; do echo "$key=$(cat "$T/$key")"; done
ran && echo ran=1; true`;

/** $1: name. Prints \`confirmed\`, \`undone\` or \`gone\`. */
export const confirm = `${library}
ours "$1" || { echo gone; exit; }
ran && b configure confirm >/dev/null # what waits now may be somebody else's
if waiting; then echo "somebody else's waits"
elif ran; then
  # a confirm that was cut off may have put it in place already
  if [ -e "$CONF.$1" ]; then mv "$CONF.$1" "$CONF" || exit 1; fi
  sync -f "$CONF" && finish applied && echo confirmed
else finish undone; echo undone; fi`;

/** $1: name. Prints \`undone\`, \`waiting\` or \`gone\`. */
export const undo = `${library}
ours "$1" || { echo gone; exit; }
if waiting; then ran || { echo "somebody else's waits"; exit; }; b configure undo >/dev/null; settle
elif ran; then b configure >/dev/null; settle; fi # somebody confirmed it: the file still holds what was before
waiting && { echo waiting; exit; }
finish undone; echo undone`;

/** $1: epoch. Prints what was removed. */
export const clean = `${library}
trial=$(cat "$T/epoch" 2>/dev/null) # none: whoever made the folder died at once
if [ -d "$T" ] && ! waiting && ! ran && [ "\${trial:-0}" -lt "$1" ]; then cat "$T/name"; finish undone; fi
for f in "$CONF".plumb-*; do
  epoch=\${f##*-}; epoch=\${epoch%%.*}
  [ -e "$f" ] && [ "$epoch" -lt "$1" ] || continue
  [ -d "$T" ] && [ "\${f%.trial}" = "$CONF.$(cat "$T/name")" ] && continue
  rm -f "$f" && echo "$f"
done; true`;

/** $1: running or startup. */
export const config = `${library}
[ "$1" = running ] && [ -d "$T" ] && ran && [ -e "$CONF.$(cat "$T/name")" ] && CONF=$CONF.$(cat "$T/name")
cat "$CONF"`;

/** Prints AT JOB SHA256 OUTCOME, newest first. */
export const saved = `${library}
ls -1 "$S" 2>/dev/null | sort -rn | while read -r f; do
  echo "\${f%%-*} \${f#*-} $(cat "$S/$f/sha256") $(cat "$S/$f/outcome")"
done`;

/** $1: job. */
export const savedConfig = `${library}
for f in "$S"/*-"$1"; do [ -d "$f" ] && exec cat "$f/config"; done; exit 44`;
