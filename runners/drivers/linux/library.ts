// What runs on the server, in POSIX sh.
//
// /var/lib/plumbline/linux/trial     the one trial: a candidate that was renamed into place, with old/NUMBER
//   armed | confirmed | undoing      one file, renamed: whoever renames it first decides
//   watcher, undoer                  "pid start" of the dead-man switch, and of whoever undoes
//   device                           whose it is: several devices of an inventory may be parts of one server
// /var/lib/plumbline/linux/d-DEVICE  what is that device's alone; epochs count per device
//   c-NAME                           a candidate: list ("number mode path"), new/NUMBER
//   s-AT-JOB                         what the files held before that job
//   u-JOB-EPOCH                      the path of a file that is on its way: .plumb-JOB-EPOCH beside the one that it replaces
//   r-NAME                           what the reload said that failed after the dead-man switch had undone trial NAME
// It is not under /run: the files survive a reboot, so the undo must too.
//
// .plumb-trial/NUMBER beside a file  during a trial, a link to what the file was: renamed back, it needs no room on the disk

/** What every script that changes the server begins with. */
export const library = `
umask 077
S=/var/lib/plumbline/linux/d-$PLUMB_DEVICE T=/var/lib/plumbline/linux/trial
born() { set -- $(sed 's/.*) //' "/proc/$1/stat" 2>/dev/null); case \${1:-Z} in Z | X) ;; *) shift 19; echo "$1" ;; esac; }
living() { pid=; read -r pid start 2>/dev/null < "$T/$1" && [ -n "$pid" ] && [ "$(born "$pid")" = "$start" ]; }
claim() { echo "$$ $(born $$)" > "$T/$1"; }
ours() { [ -d "$T" ] && [ "$(cat "$T/name")" = "$1" ]; }
# a job that a crash cut off has saved more than once: how the earlier ones ended is known
outcome() { for f in "$S"/s-*-"$(cat "$T/job")"; do [ "$(cat "$f/outcome" 2>/dev/null)" != unknown ] || echo "$1" > "$f/outcome"; done; }
link() { echo "\${1%/*}/.plumb-trial/$2"; }
keep() { while read -r n mode path; do k=$(link "$path" "$n"); [ ! -e "$path" ] || { mkdir -p "\${k%/*}" && ln -f "$path" "$k"; }; done < "$T/list"; } 2>/dev/null
unkeep() { while read -r n mode path; do rm -rf "\${path%/*}/.plumb-trial"; done < "$T/list"; } 2>/dev/null
finish() { outcome "$1"; unkeep; mv "$T" "$S/.done-$$" && rm -rf "$S/.done-$$"; }
beside() { echo "\${1%/*}/.plumb-trial-\${1##*/}-"; }
same() { [ -f "$2" ] && [ ! -L "$2" ] && cmp -s "$1" "$2" && [ "$(stat -c '%a %u %g' "$1")" = "$(stat -c '%a %u %g' "$2")" ]; }
unplace() { while read -r n mode path; do rm -f "$(beside "$path")"*; done < "$1"; }
# $3 becomes $2 with the ACL and the extended attributes of $1; they come before the text, which nobody else shall read meanwhile
like() {
  [ -f "$1" ] && [ ! -L "$1" ] && true > "$3" || return 1
  cp --attributes-only --preserve=mode,xattr "$1" "$3" || cp --attributes-only --preserve=mode "$1" "$3" || return 1
  chown "$(stat -c %u:%g "$2")" "$3" && chmod "$(stat -c %a "$2")" "$3" && cat "$2" > "$3" && touch -r "$2" "$3"
} 2>/dev/null
# $1: folder with the files, $2: list; a file that is not in the folder is removed. What differs is copied beside its
# place first, all of it: a disk that is full shows before anything has changed, and a rename needs no room
place() {
  while read -r n mode path; do
    [ -e "$1/$n" ] || continue
    same "$1/$n" "$path" && continue
    t=$(beside "$path")$$
    { [ -d "\${path%/*}/" ] || (umask 022; mkdir -p "\${path%/*}"); } && rm -f "$t" && { like "$path" "$1/$n" "$t" || { rm -f "$t" && cp -p "$1/$n" "$t"; }; } || { unplace "$2"; return 1; }
  done < "$2"
  while read -r n mode path; do
    t=$(beside "$path")$$
    if [ -e "$t" ]; then mv -fT "$t" "$path" || { unplace "$2"; return 1; }
    elif [ ! -e "$1/$n" ]; then rm -f "$path" || return 1; fi
  done < "$2"
}
reload() { sh -c "$(cat "$T/reload")" </dev/null; }
drop() { t=$(cat "$1"); case $t in */.plumb-*) rm -f -- "$t" && echo "$t" ;; esac; rm -f -- "$1"; }
# fails where the files are not back; they are and the reload failed: why is not empty
restore() {
  unplace "$T/list"
  while read -r n mode path; do
    k=$(link "$path" "$n")
    [ ! -e "$T/old/$n" ] || same "$T/old/$n" "$path" || { same "$T/old/$n" "$k" && mv -fT "$k" "$path"; }
  done < "$T/list"
  why=$(place "$T/old" "$T/list" 2>&1) || return 1
  # into a file: what a reload leaves running may keep its output open; without room for one it is run all the same
  # (true, for a shell ends where the redirection of : fails)
  to=/dev/null; { true > "$T/said"; } 2>/dev/null && to=$T/said
  for i in 1 2 3; do
    if reload > "$to" 2>&1; then why=; return 0; fi
    why=$(tail -n 5 "$to"); why=\${why:-it printed nothing}; sleep 1
  done
}
`;
