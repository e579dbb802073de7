#!/usr/bin/env bash
# Verifies one closed day of evidence with public tools only: sqlite3, zstd, sha256sum, openssl, coreutils, awk.
#   verify-day.sh YYYY-MM-DD.sqlite [VKEY-FILE [WITNESS-FILE]]
# WITNESS-FILE: the key of a witness that must have cosigned of this day what lies beside it (docs/format/witness.md).
# Slow (a process for each record) and meant to be read: docs/format/evidence.md explains every step. Exits 0 only if all agrees.
set -euo pipefail
export LC_ALL=C
file=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "KHÔNG TOÀN VẸN / NOT INTACT: $*" >&2; exit 1; }
query() { sqlite3 -readonly -batch "file:$file?immutable=1" "$1"; }
unhex() { printf '%b' "$(sed 's/../\\x&/g' <<<"$1")"; }
sha() { sha256sum | cut -c1-64; }
node() { unhex "01$1$2" | sha; }                       # SHA-256(0x01 | left | right)

# 1. The bytes of the file, and SQLite's own structure.
(cd "$(dirname "$file")" && sha256sum --quiet -c "$(basename "$file").sha256") || fail "sha256sum"
tables=$(query "SELECT group_concat(type || ' ' || name) FROM (SELECT type, name FROM sqlite_schema ORDER BY rowid)")
expected="table meta,table key,table head,table note,table tail,table block,table spool,table coverage"
format=$(query 'PRAGMA user_version')
case $format in 1) ;; 2) expected+=",table certificate" ;; *) fail "another format version" ;; esac
[ "$tables" = "$expected" ] || fail "other tables"
[ "$(query 'PRAGMA integrity_check')" = ok ] || fail "integrity_check"
[ "$(query 'SELECT state FROM head')" = 2 ] || fail "the day is not closed"

# 2. Which keys may sign. The one that was written down at installation, the root; what it certifies: keys of days, and
# successors, which certify later days. A certificate is a signed note of five lines: what, day, key, nothing, signature.
# signed_by VKEY NOTE: whether the note carries a signature of this key, which must then be right.
signed_by() {
  local name=${1%%+*} rest=${1#*+}
  local key_hash=${rest%%+*} key64=${rest#*+}                                 # A key may end in a +.
  sed '/^$/,$d' "$2" >"$work/text"
  base64 -d <<<"$key64" | tail -c 32 >"$work/public"
  (unhex 302a300506032b6570032100; cat "$work/public") >"$work/public.der"    # SubjectPublicKeyInfo of Ed25519, RFC 8410
  while read -r line; do
    base64 -d <<<"$line" >"$work/signature"
    [ "$(head -c 4 "$work/signature" | od -An -vtx1 | tr -d ' \n')" = "$key_hash" ] || continue
    tail -c +5 "$work/signature" >"$work/ed25519"
    openssl pkeyutl -verify -rawin -pubin -keyform DER -inkey "$work/public.der" -in "$work/text" -sigfile "$work/ed25519" \
      >"$work/openssl" 2>&1 && return 0
  done < <(sed -n "s/^— ${name//\//\\/} //p" "$2")
  return 1
}
if [ $# -gt 1 ]; then
  vkey=$(grep -v '^#' "$2" | head -n 1)
elif [ "$format" = 1 ]; then
  vkey=$(query 'SELECT vkey FROM key ORDER BY since DESC LIMIT 1')
else
  vkey=$(query "SELECT value FROM meta WHERE name = 'root'")
  [ -n "$vkey" ] || vkey=$(query 'SELECT vkey FROM key ORDER BY since DESC LIMIT 1')
fi
name=${vkey%%+*}
day=$(query "SELECT value FROM meta WHERE name = 'day'")
certifiers=("0000-00-00 $vkey")
signers=("$day $vkey")                                  # The root signs for any day: older stores have no other key.
chain=""
[ "$format" = 1 ] || chain=$(query "SELECT text FROM certificate ORDER BY text NOT LIKE '%/successor' || char(10) || '%', text")
while [ -n "$chain" ]; do
  head -n 5 <<<"$chain" >"$work/certificate"
  chain=$(tail -n +6 <<<"$chain" | sed '/./,$!d')
  { read -r what; read -r from; read -r key; } <"$work/certificate" || fail "a certificate that is none"
  certified=""
  for one in "${certifiers[@]}"; do
    [[ ! ${one%% *} > $from ]] && signed_by "${one#* }" "$work/certificate" && certified=yes && break
  done
  [ -n "$certified" ] || fail "a certificate that nobody signed who may certify"
  case $what in
    "$name/successor") certifiers+=("$from $key") ;;
    "$name/key") signers+=("$from $key") ;;
    *) fail "a certificate of another name" ;;
  esac
done

# The closing checkpoint: signed with the key of this day.
query "SELECT writefile('$work/note', text) FROM note WHERE closing = 1" >"$work/count"
[ -s "$work/note" ] || fail "no closing checkpoint"
signer=""
for one in "${signers[@]}"; do
  signed_by "${one#* }" "$work/note" || continue
  signer=$one
  [ "${one%% *}" = "$day" ] && break
done
[ -n "$signer" ] || fail "signature"
[ "${signer%% *}" = "$day" ] || fail "signed with the key of another day, ${signer%% *}"
sed '/^$/,$d' "$work/note" >"$work/body"
{ read -r origin; read -r size; read -r root64; } <"$work/body"
[ "$origin" = "$name" ] || fail "origin"

# What a witness cosigned of this day: notes signed with the key of this day, too, whose roots the tree has to pass.
# cosigned_by VKEY NOTE: whether the note carries a right cosignature (c2sp.org/tlog-cosignature) of this key.
cosigned_by() {
  local name=${1%%+*} rest=${1#*+}
  sed '/^$/,$d' "$2" >"$work/text"
  base64 -d <<<"${rest#*+}" | tail -c 32 >"$work/public"
  (unhex 302a300506032b6570032100; cat "$work/public") >"$work/public.der"
  while read -r line; do
    base64 -d <<<"$line" >"$work/signature"
    [ "$(head -c 4 "$work/signature" | od -An -vtx1 | tr -d ' \n')" = "${rest%%+*}" ] || continue
    seconds=$((16#$(od -An -v -tx1 -j4 -N8 "$work/signature" | tr -d ' \n')))
    tail -c +13 "$work/signature" >"$work/ed25519"
    { printf 'cosignature/v1\ntime %s\n' "$seconds"; cat "$work/text"; } >"$work/message"
    openssl pkeyutl -verify -rawin -pubin -keyform DER -inkey "$work/public.der" -in "$work/message" -sigfile "$work/ed25519" \
      >"$work/openssl" 2>&1 && return 0
  done < <(sed -n "s/^— ${name//\//\\/} //p" "$2")
  return 1
}
declare -A vouched=()
told=""
if [ $# -gt 2 ]; then
  witness=$(grep -v '^#' "$3" | head -n 1)
  [ -f "$file.cosigned" ] || fail "no cosignature of ${witness%%+*}"
  [ "$(head -n 1 "$file.cosigned")" = "luy-cosigned 1" ] || fail "$file.cosigned"
  awk -v into="$work/cosigned." 'NR == 1 { next } NR == 2 || (behind && !/^\342\200\224 /) { n++; behind = 0 } /^$/ { behind = 1 } { print > (into n) }' "$file.cosigned"
  for one in "$work"/cosigned.*; do
    { read -r of; read -r at; read -r root64; } <"$one" || fail "$file.cosigned"
    right=""
    for key in "${signers[@]}"; do
      if [ "${key%% *}" = "$day" ] && signed_by "${key#* }" "$one"; then right=yes; break; fi
    done
    [ -n "$right" ] && [ "$of" = "$name" ] && [ "${vouched[$at]:-$root64}" = "$root64" ] || fail "$file.cosigned: size $at"
    vouched[$at]=$root64
    cosigned_by "$witness" "$one" && told="NHÂN CHỨNG / WITNESS: ${witness%%+*}, $at, $(date -u -d "@$seconds" +%Y-%m-%dT%H:%M:%SZ)"
  done
  [ -n "$told" ] || fail "no cosignature of ${witness%%+*}"
  { read -r origin; read -r size; read -r root64; } <"$work/body"
fi

# 3. The tree before this day: the perfect subtrees of [0, first_seq), largest first.
seq=$(query "SELECT value FROM meta WHERE name = 'first_seq'")
before=$(query "SELECT lower(hex(value)) FROM meta WHERE name = 'frontier_before'")
stack=()
root() {
  local hash=${stack[-1]} i
  for ((i = ${#stack[@]} - 2; i >= 0; i--)); do hash=$(node "${stack[i]}" "$hash"); done
  unhex "$hash" | base64
}
for ((i = 0; i < ${#before}; i += 64)); do stack+=("${before:i:64}"); done

# 4. Every record of every block: rebuild its leaf, add it to the tree.
withheld=0
cat >"$work/block.awk" <<'AWK'
# A block's bytes as numbers, one a line -> a line for each record: time, source, transport, its bytes as \xHH. For
# records whose content was removed, a line for each subtree that is left: "withheld", its level, its hash.
{ byte[NR - 1] = $1 + 0 }
function varint(  value, scale, b) {
  value = 0; scale = 1
  do { b = byte[at++]; value += (b % 128) * scale; scale *= 128 } while (b >= 128)
  return value
}
function text(size,  s) { s = ""; while (size-- > 0) s = s hex[byte[at++]]; return s }
function to_lf(  s) { s = ""; while (byte[at] != 10) s = s hex[byte[at++]]; at++; return s }
function heads(  i) {
  for (i = 0; i < n; i++) { t += varint(); time[i] = t }
  for (i = 0; i < n; i++) source[i] = varint()
  for (i = 0; i < n; i++) transport[i] = byte[at++]
}
function read_raw(  i) {
  heads()
  for (i = 0; i < n; i++) size[i] = varint()
  for (i = 0; i < n; i++) { out[i] = text(size[i]); at++ }
}
function read_head(  i, k, c) {
  loose = varint()
  for (i = 0; i < loose; i++) loose_size[i] = varint()
  templates = varint()
  columns = 0
  for (k = 1; k <= templates; k++) {
    records[k] = varint(); count[k] = varint(); first[k] = columns
    for (c = 0; c < count[k]; c++) read_column(columns++, k)
    for (c = 0; c <= count[k]; c++) literal_size[k, c] = varint()
  }
}
function read_column(c, k,  i) {
  owner[c] = k; kind_of[c] = byte[at++]
  if (kind_of[c] == 2) { entries[c] = varint(); planes[c] = entries[c] > 256 ? 2 : 1 }
  if (kind_of[c] <= 2) { column_size[c] = varint(); return }
  planes[c] = byte[at++]; base[c] = varint(); places[c] = varint()
  for (i = 0; i < places[c]; i++) place[c, i] = byte[at++]
}
function read_text(  i, k, c) {
  for (k = 1; k <= templates; k++) for (c = 0; c <= count[k]; c++) literal[k, c] = text(literal_size[k, c])
  for (i = 0; i < loose; i++) { loose_text[i] = text(loose_size[i]); at++ }
  for (c = 0; c < columns; c++) {
    if (kind_of[c] == 0) for (i = 0; i < records[owner[c]]; i++) value[c, i] = to_lf()
    if (kind_of[c] == 1) for (i = 0; i < records[owner[c]]; i++) value[c, i] = text(column_size[c])
    if (kind_of[c] == 2) for (i = 0; i < entries[c]; i++) entry[c, i] = to_lf()
  }
}
function read_planes(  i, c, p) {
  for (i = 0; i < n; i++) template[i] = byte[at++]
  if (templates > 255) for (i = 0; i < n; i++) template[i] += 256 * byte[at++]
  for (p = 0; p < 7; p++) for (c = 0; c < columns; c++) {
    if (planes[c] > p) for (i = 0; i < records[owner[c]]; i++) number[c, i] += byte[at++] * 256 ^ p
  }
}
function value_of(c, i,  x, digits, s, k) {
  if (kind_of[c] < 2) return value[c, i]
  x = number[c, i]
  if (kind_of[c] == 2) return entry[c, x]
  if (kind_of[c] == 4) x = x % 2 ? -(x + 1) / 2 : x / 2
  x += base[c]
  if (kind_of[c] == 4) base[c] = x
  digits = sprintf("%.0f", x); s = ""
  if (places[c] == 0) { for (k = 1; k <= length(digits); k++) s = s hex[48 + substr(digits, k, 1)]; return s }
  for (k = places[c] - 1; k >= 0; k--) {
    if (place[c, k] != 48) { s = hex[place[c, k]] s; continue }
    s = hex[48 + substr("0" digits, length(digits) + 1, 1)] s
    digits = substr(digits, 1, length(digits) - 1)
  }
  return s
}
function read_withheld(  nodes, i, k, leaf, place, deep) {
  nodes = varint(); leaf = 0
  for (i = 0; i < nodes; i++) { leaf += varint(); place[i] = leaf; deep[i] = varint(); leaf += 2 ^ deep[i] }
  for (i = 0; i < nodes; i++) {
    level[place[i]] = deep[i]; hash[place[i]] = ""
    for (k = 0; k < 32; k++) hash[place[i]] = hash[place[i]] sprintf("%02x", byte[at++])
  }
}
function read_columns(  i, k, c, used_loose) {
  read_head(); read_text(); heads(); read_planes()
  used_loose = 0
  for (i = 0; i < n; i++) {
    k = template[i]
    if (k == 0) { out[i] = loose_text[used_loose++]; continue }
    out[i] = literal[k, 0]
    for (c = 0; c < count[k]; c++) out[i] = out[i] value_of(first[k] + c, used[k] + 0) literal[k, c + 1]
    used[k]++
  }
}
END {
  for (i = 0; i < 256; i++) hex[i] = sprintf("\\x%02x", i)
  at = 0
  if (kind == 3) read_withheld()
  if (kind == 1) read_raw(); else if (kind == 2 || kind == 3) read_columns(); else exit 1
  for (i = 0; i < n; i++) {
    if (i in hash) { print "withheld", level[i], hash[i]; i += 2 ^ level[i] - 1; continue }
    printf "%.0f %d %d %s\n", time[i], source[i], transport[i], out[i]
  }
  if (at != NR) exit 1
}
AWK
for first in $(query 'SELECT first_seq FROM block ORDER BY first_seq'); do
  [ "$first" = "$seq" ] || fail "record $seq is absent"
  IFS='|' read -r kind count received sources < <(query "SELECT kind, count, received_first, lower(hex(sources)) FROM block WHERE first_seq = $first")
  names=()
  for ((i = 0; i < ${#sources};)); do
    length=$((16#${sources:i:4}))
    names+=("${sources:i+4:length*2}")
    i=$((i + 4 + length * 2))
  done
  query "SELECT writefile('$work/body.zst', body) FROM block WHERE first_seq = $first" >"$work/count"
  zstd -dqc "$work/body.zst" >"$work/plain" || fail "block at record $first"
  od -An -v -tu1 -w1 "$work/plain" | awk -v kind="$kind" -v n="$count" -v t="$received" -f "$work/block.awk" >"$work/records" ||
    fail "block at record $first"
  while read -r time source transport bytes; do
    level=0
    if [ "$time" = withheld ]; then                                           # Its content was removed; its hash is left.
      level=$source
      hash=$transport
      withheld=$((withheld + (1 << level)))
    else
      name_hex=${names[source]}
      hash=$({
        unhex "00""01$(printf '%016x%016x%04x' "$seq" "$time" $((${#name_hex} / 2)))$name_hex$(printf '%02x%08x' "$transport" $((${#bytes} / 4)))"
        printf '%b' "$bytes"
      } | sha)
    fi
    for ((k = seq >> level; k & 1; k >>= 1)); do
      hash=$(node "${stack[-1]}" "$hash")
      unset 'stack[-1]'
    done
    stack+=("$hash")
    seq=$((seq + (1 << level)))
    [ -n "${vouched[$seq]:-}" ] || continue
    [ "$(root)" = "${vouched[$seq]}" ] || fail "the records do not give the root that was cosigned, of size $seq"
    unset "vouched[$seq]"
  done <"$work/records"
done
[ "$(query 'SELECT count(*) FROM tail')" = 0 ] || fail "records outside blocks"

# 5. The root of the tree is the one that was signed.
[ "$seq" = "$size" ] || fail "$seq records, but $size were signed"
[ "$(root)" = "$root64" ] || fail "the records do not give the signed root"
if [ "$withheld" -gt 0 ]; then
  by=$(query "SELECT value FROM meta WHERE name = 'withheld'")
  [ "${by%% *}" = "$withheld" ] || fail "$withheld records are withheld, but the file says ${by%% *}"
  echo "$withheld bản ghi đã bị xóa nội dung theo bản ghi / $withheld records are withheld by record: ${by#* }"
fi
[ "${#vouched[@]}" -eq 0 ] || fail "cosigned sizes that are not of this day: ${!vouched[*]}"
[ -z "$told" ] || echo "$told"
echo "TOÀN VẸN / INTACT: $origin, $size, $root64"
