#!/usr/bin/env bash
# Verifies one closed day of evidence with public tools only: sqlite3, zstd, sha256sum, openssl, coreutils, awk.
#   verify-day.sh YYYY-MM-DD.sqlite [VKEY-FILE]
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
[ "$(query 'PRAGMA integrity_check')" = ok ] || fail "integrity_check"
[ "$(query 'PRAGMA user_version')" = 1 ] || fail "another format version"
[ "$(query 'SELECT state FROM head')" = 2 ] || fail "the day is not closed"

# 2. The closing checkpoint and its signature.
vkey=$([ $# -gt 1 ] && head -n 1 "$2" || query 'SELECT vkey FROM key ORDER BY since DESC LIMIT 1')
IFS=+ read -r name key_hash key64 <<<"$vkey"
query "SELECT writefile('$work/note', text) FROM note WHERE closing = 1" >"$work/count"
[ -s "$work/note" ] || fail "no closing checkpoint"
sed '/^$/,$d' "$work/note" >"$work/body"
sed -n "s/^— ${name//\//\\/} //p" "$work/note" | head -n 1 | base64 -d >"$work/signature"
[ "$(head -c 4 "$work/signature" | od -An -vtx1 | tr -d ' \n')" = "$key_hash" ] || fail "signed by another key"
tail -c +5 "$work/signature" >"$work/ed25519"
base64 -d <<<"$key64" | tail -c 32 >"$work/public"
(unhex 302a300506032b6570032100; cat "$work/public") >"$work/public.der"      # SubjectPublicKeyInfo of Ed25519, RFC 8410
openssl pkeyutl -verify -rawin -pubin -keyform DER -inkey "$work/public.der" -in "$work/body" -sigfile "$work/ed25519" >"$work/openssl" ||
  fail "signature"
{ read -r origin; read -r size; read -r root64; } <"$work/body"
[ "$origin" = "$name" ] || fail "origin"

# 3. The tree before this day: the perfect subtrees of [0, first_seq), largest first.
seq=$(query "SELECT value FROM meta WHERE name = 'first_seq'")
before=$(query "SELECT lower(hex(value)) FROM meta WHERE name = 'frontier_before'")
stack=()
for ((i = 0; i < ${#before}; i += 64)); do stack+=("${before:i:64}"); done

# 4. Every record of every block: rebuild its leaf, add it to the tree.
for first in $(query 'SELECT first_seq FROM block ORDER BY first_seq'); do
  [ "$first" = "$seq" ] || fail "record $seq is absent"
  IFS='|' read -r count received sources < <(query "SELECT count, received_first, lower(hex(sources)) FROM block WHERE first_seq = $first")
  names=()
  for ((i = 0; i < ${#sources};)); do
    length=$((16#${sources:i:4}))
    names+=("${sources:i+4:length*2}")
    i=$((i + 4 + length * 2))
  done
  query "SELECT writefile('$work/body.zst', body) FROM block WHERE first_seq = $first" >"$work/count"
  zstd -dqc "$work/body.zst" >"$work/plain" || fail "block at record $first"
  # The four columns as numbers: time of receipt, source, transport, length; then where the raw bytes begin.
  od -An -v -tu1 -w1 "$work/plain" | awk -v n="$count" -v t="$received" '
    { byte[NR - 1] = $1 + 0 }
    function varint(  value, scale, b) {
      value = 0; scale = 1
      do { b = byte[at++]; value += (b % 128) * scale; scale *= 128 } while (b >= 128)
      return value
    }
    END {
      at = 0
      for (i = 0; i < n; i++) { t += varint(); time[i] = t }
      for (i = 0; i < n; i++) source[i] = varint()
      for (i = 0; i < n; i++) transport[i] = byte[at++]
      for (i = 0; i < n; i++) size[i] = varint()
      for (i = 0; i < n; i++) { printf "%.0f %d %d %d %d\n", time[i], source[i], transport[i], size[i], at; at += size[i] + 1 }
      if (at != NR) exit 1
    }' >"$work/records" || fail "block at record $first"
  while read -r time source transport length offset; do
    name_hex=${names[source]}
    hash=$({
      unhex "00""01$(printf '%016x%016x%04x' "$seq" "$time" $((${#name_hex} / 2)))$name_hex$(printf '%02x%08x' "$transport" "$length")"
      tail -c "+$((offset + 1))" "$work/plain" | head -c "$length" || true   # head leaves first; tail then ends by SIGPIPE
    } | sha)
    for ((k = seq; k & 1; k >>= 1)); do
      hash=$(node "${stack[-1]}" "$hash")
      unset 'stack[-1]'
    done
    stack+=("$hash")
    seq=$((seq + 1))
  done <"$work/records"
done
[ "$(query 'SELECT count(*) FROM tail')" = 0 ] || fail "records outside blocks"

# 5. The root of the tree is the one that was signed.
[ "$seq" = "$size" ] || fail "$seq records, but $size were signed"
hash=${stack[-1]}
for ((i = ${#stack[@]} - 2; i >= 0; i--)); do hash=$(node "${stack[i]}" "$hash"); done
[ "$(unhex "$hash" | base64)" = "$root64" ] || fail "the records do not give the signed root"
echo "TOÀN VẸN / INTACT: $origin, $size, $root64"
