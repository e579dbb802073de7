#include <string>

#include "evidence/package_days.h"
#include "evidence/package_files.h"

namespace luy::evidence {

std::string_view day_package_script() {
  static const std::string script = R"script(#!/usr/bin/env bash
# Verifies this package of whole days with sqlite3, zstd, sha256sum, openssl, od, awk and coreutils:
#   bash verify.sh [VKEY-FILE [WITNESS-FILE]]
# VKEY-FILE: the hub's public key as it was written down at installation; without it the key in this package is used,
# which proves no more than that all of it comes from the holder of one key. WITNESS-FILE: the key of a witness that must have
# cosigned the checkpoint. Exits 0 only if everything agrees.
set -euo pipefail
export LC_ALL=C
given=${1:-}
if [ -n "$given" ]; then vkey=$(grep -v '^#' "$given" | head -n 1); fi
witness=""
if [ -n "${2:-}" ]; then witness=$(grep -v '^#' "$2" | head -n 1); fi
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "KHONG TOAN VEN / NOT INTACT: $*" >&2; exit 1; }

# 1. Only plain files with the names a package has; they are those of SHA256SUMS and have these digests.
find . ! -type f ! -type d >"$work/odd"
find . -type d ! -name . ! -path ./days >>"$work/odd"
[ ! -s "$work/odd" ] || fail "something that is no plain file of a package"
find . -type f | sed 's|^\./||' | sort >"$work/present"
files='days/[0-9]{4}-[0-9]{2}-[0-9]{2}\.sqlite(\.sha256|\.cosigned|\.tst)?|checkpoint|consistency|keys\.vkey|verify\.sh|verify-day\.sh|DOC-TRUOC\.txt'
aside='SHA256SUMS|manifest|certificates'
grep -v -x -E "$files|$aside" "$work/present" >"$work/odd" && fail "a file that is not of a package"
[ -f SHA256SUMS ] || fail "SHA256SUMS is absent"
grep -v -x -E "[0-9a-f]{64}  ($files)" SHA256SUMS >"$work/odd" && fail "SHA256SUMS"
sed 's/^[0-9a-f]*  //' SHA256SUMS | sort >"$work/listed"
grep -v -x -E "$aside" "$work/present" | cmp -s - "$work/listed" || fail "files absent or added"
sha256sum -c SHA256SUMS >"$work/sums" 2>&1 || { cat "$work/sums" >&2; fail "SHA256SUMS"; }

)script" + std::string(package_chain()) +
                                    R"script(signed checkpoint
{ read -r origin; read -r size; read -r root; } <"$work/body"
[ "$origin" = "$name" ] || fail "checkpoint: origin"
# The manifest says which files belong to the package: it names the digest of SHA256SUMS.
[ -f manifest ] || fail "manifest is absent: nobody signed which days belong here"
signed manifest
[ "$(sed -n 1p "$work/body")" = "$name/package" ] && [ "$(sed -n 2p "$work/body")" = "$size" ] || fail "manifest: of another package"
[ "$(sed -n 3p "$work/body")" = "$(openssl dgst -sha256 -binary SHA256SUMS | openssl base64 -A)" ] || fail "manifest: other files"

# 3. Each day by itself, from the same key; and each continues the tree of the one before: its first records stand on
# the subtrees (frontier) whose root was signed at the end of that day. Hashes are in hexadecimal.
unhex() { printf '%b' "$(sed 's/../\\x&/g' <<<"$1")"; }
node() { unhex "01$1$2" | sha256sum | cut -c1-64; }
hex() { printf '%s' "$1" | openssl base64 -d -A | od -An -v -tx1 | tr -d ' \n'; }
query() { sqlite3 -readonly -batch "file:$1?immutable=1" "$2"; }
echo "$vkey" >"$work/vkey"
end_size=""
first_size=""
days=0
for file in days/*.sqlite; do
  bash verify-day.sh "$file" "$work/vkey" >"$work/day" || fail "$file"
  begin=$(query "$file" "SELECT value FROM meta WHERE name = 'first_seq'")
  if [ -n "$end_size" ]; then
    [ "$begin" = "$end_size" ] || fail "$file: records are absent before it"
    subtrees=$(query "$file" "SELECT lower(hex(value)) FROM meta WHERE name = 'frontier_before'")
    top=${subtrees: -64}
    for ((i = ${#subtrees} - 128; i >= 0; i -= 64)); do top=$(node "${subtrees:i:64}" "$top"); done
    [ "$top" = "$end_root" ] || fail "$file does not continue the day before it"
  fi
  query "$file" "SELECT text FROM note WHERE closing = 1" >"$work/end"
  end_size=$(sed -n 2p "$work/end")
  end_root=$(hex "$(sed -n 3p "$work/end")")
  if [ -z "$first_size" ]; then first_size=$end_size; first_root=$end_root; fi
  days=$((days + 1))
done
[ "$days" -gt 0 ] || fail "no day"

# 4. The tree at the end of the first day is a beginning of the signed one (RFC 9162, 2.1.4.2).
[ "$(sed -n 1p consistency)" = "old $first_size" ] && [ "$(hex "$(sed -n 2p consistency)")" = "$first_root" ] || fail "consistency: of other days"
[ "$(sed -n 3p consistency)" = "new $size" ] && [ "$(sed -n 4p consistency)" = "$root" ] || fail "consistency: of another checkpoint"
path=()
while read -r line; do path+=("$(hex "$line")"); done < <(tail -n +5 consistency)
if [ "$first_size" = "$size" ]; then
  [ "${#path[@]}" -eq 0 ] && [ "$first_root" = "$(hex "$root")" ] || fail "consistency"
else
  [ $((first_size & (first_size - 1))) -ne 0 ] || path=("$first_root" "${path[@]}")
  [ "${#path[@]}" -gt 0 ] || fail "consistency: too short"
  fn=$((first_size - 1))
  sn=$((size - 1))
  while [ $((fn & 1)) -eq 1 ]; do fn=$((fn >> 1)); sn=$((sn >> 1)); done
  fr=${path[0]}
  sr=${path[0]}
  for c in "${path[@]:1}"; do
    [ "$sn" -ne 0 ] || fail "consistency: too long"
    if [ $((fn & 1)) -eq 1 ] || [ "$fn" -eq "$sn" ]; then
      fr=$(node "$c" "$fr")
      sr=$(node "$c" "$sr")
      while [ $((fn & 1)) -eq 0 ] && [ "$fn" -ne 0 ]; do fn=$((fn >> 1)); sn=$((sn >> 1)); done
    else
      sr=$(node "$sr" "$c")
    fi
    fn=$((fn >> 1))
    sn=$((sn >> 1))
  done
  [ "$sn" -eq 0 ] && [ "$fr" = "$first_root" ] && [ "$sr" = "$(hex "$root")" ] || fail "consistency"
fi
echo "TOAN VEN / INTACT: $days days, $name, $size, $root"
)script";
  return script;
}

}  // namespace luy::evidence
