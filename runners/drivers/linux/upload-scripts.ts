import { library } from './library.ts';

// Single files, in POSIX sh. What is refused drains stdin first: ssh would tell of a broken pipe, not of the reason.

const files = `${library}
refuse() { cat > /dev/null; echo "$*" >&2; exit 3; }
names() { p=$1 d=$(dirname -- "$1") t=$(dirname -- "$1"); t=\${t%/}/.plumb-$2 J=$S/u-$2; }
plain() {
  [ ! -L "$p" ] || refuse "it is a symbolic link to $(readlink -- "$p")"
  [ ! -d "$p" ] || refuse "it is a folder"
  [ ! -e "$p" ] || [ -f "$p" ] || refuse "it is not a plain file"
}
`;

/**
 * $1: path, $2: tag, $3: epoch, $4: mode ('' for that of the old file), $5: sha256, $6 …: files of the intended
 * configuration. stdin: the file. Prints mode, owner by name and by number. The file is written beside the one that it will replace.
 */
export const stage = `${files}
names "$1" "$2"; epoch=$3 mode=$4 sum=$5; shift 5
for m in "$@"; do
  if [ "$p" = "$m" ] || [ "$p" -ef "$m" ]; then refuse "it is part of the intended configuration (options.files)"; fi
done
plain
[ -d "$d" ] || { stat -L -- "$d" > /dev/null; refuse "there is no folder $d"; }
# one session, one upload: what is left of others, which were cut off, is in nobody's way any more
for f in "$S"/u-*; do [ -f "$f" ] && [ "\${f##*-}" -le "$epoch" ] && drop "$f" > /dev/null; done
trap 'rm -f -- "$t" "$J"' EXIT
trap 'exit 1' HUP INT TERM PIPE
mkdir -p "$S" && printf '%s' "$t" > "$J" && sync "$J" || { cat > /dev/null; exit 1; }
set -C # made by us, or not at all: a link that someone laid there is not followed
cat > "$t" || { cat > /dev/null; exit 1; }
[ "$(sha256sum < "$t" | cut -d' ' -f1)" = "$sum" ] || { echo "the file did not arrive whole" >&2; exit 3; }
if [ -e "$p" ]; then cp --attributes-only --preserve=mode,ownership -- "$p" "$t" || exit 1; else chmod 0644 -- "$t" || exit 1; fi
[ -z "$mode" ] || chmod "$mode" -- "$t" || exit 1
sync "$t" || exit 1
trap - EXIT
stat -c '%a %U:%G %u:%g' -- "$t"`;

/** $1: path, $2: tag. The staged file takes the place of the old one. */
export const place = `${files}
names "$1" "$2"; plain
mv -fT -- "$t" "$p" || exit 1
sync "$d" 2>/dev/null; rm -f -- "$J"`;

/** $1: path, $2: tag. */
export const unstage = `${files}
names "$1" "$2"; rm -f -- "$t" "$J"`;

/** $1: path, $2: the most bytes. Prints sha256, mode, owner by name and by number, then the file in base64. */
export const fetch = `
say() { echo "$*" >&2; exit 3; }
[ ! -d "$1" ] || say "it is a folder"
stat -L -- "$1" > /dev/null || exit 3 # says what is wrong, such as a folder that we may not look into
[ -f "$1" ] || say "it is not a plain file"
size=$(stat -Lc %s -- "$1") && [ "$size" -le "$2" ] || say "it has $size bytes, more than the $2 that are fetched"
sum=$(sha256sum < "$1") || exit 1
echo "\${sum%% *} $(stat -Lc '%a %U:%G %u:%g' -- "$1")"
base64 < "$1"`;
