#include "evidence/package.h"

namespace luy::evidence {

std::string_view package_script() {
  return R"script(#!/bin/sh
# Verifies this package with sh, openssl, sha256sum and coreutils: sh verify.sh [VKEY-FILE]
# VKEY-FILE: the hub's public key as it was written down at installation; without it the key in this package is used,
# which proves no more than that all of it comes from the holder of one key. Exits 0 only if everything agrees.
set -eu
LC_ALL=C
export LC_ALL
given=${1:-}
if [ -n "$given" ]; then vkey=$(head -n 1 "$given"); fi
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "KHONG TOAN VEN / NOT INTACT: $*" >&2; exit 1; }

# 1. Every file is as it was written, none is absent, none was added.
sha256sum -c SHA256SUMS >"$work/sums" 2>&1 || { cat "$work/sums" >&2; fail "SHA256SUMS"; }
find . -type f ! -name SHA256SUMS | sed 's|^\./||' | sort >"$work/present"
sed 's/^[0-9a-f]*  //' SHA256SUMS | sort >"$work/listed"
cmp -s "$work/present" "$work/listed" || fail "files absent or added"

# 2. The checkpoint is signed: Ed25519 over the text up to the empty line.
[ -n "$given" ] || vkey=$(head -n 1 keys.vkey)
name=${vkey%%+*}
rest=${vkey#*+}
key_hash=${rest%%+*}
key64=${rest#*+}
sed '/^$/,$d' checkpoint >"$work/body"
sed -n "s|^$(printf '\342\200\224') $name ||p" checkpoint | head -n 1 | openssl base64 -d -A >"$work/signature"
[ "$(od -An -v -tx1 -N4 "$work/signature" | tr -d ' \n')" = "$key_hash" ] || fail "signed by another key"
tail -c +5 "$work/signature" >"$work/ed25519"
{ printf '\060\052\060\005\006\003\053\145\160\003\041\000'; printf '%s' "$key64" | openssl base64 -d -A | tail -c 32; } >"$work/public.der"
openssl pkeyutl -verify -rawin -pubin -keyform DER -inkey "$work/public.der" -in "$work/body" -sigfile "$work/ed25519" >"$work/openssl" 2>&1 ||
  fail "signature"
[ "$(sed -n 1p "$work/body")" = "$name" ] || fail "origin"
size=$(sed -n 2p "$work/body")
root=$(sed -n 3p "$work/body")

# 3. Every record leads to the signed root (RFC 9162, 2.1.3.2). Hashes are in base 64.
hash() { openssl dgst -sha256 -binary | openssl base64 -A; }
node() { { printf '\001'; printf '%s' "$1" | openssl base64 -d -A; printf '%s' "$2" | openssl base64 -d -A; } | hash; }
count=0
for leaf in records/*.leaf; do
  proof=${leaf%.leaf}.tlog-proof
  [ "$(sed -n 1p "$proof")" = "c2sp.org/tlog-proof@v1" ] || fail "$proof"
  index=$(sed -n 's/^index //p' "$proof" | head -n 1)
  [ "$(od -An -v -tx1 -N9 "$leaf" | tr -d ' \n')" = "01$(printf '%016x' "$index")" ] || fail "$leaf"
  sed '1,/^$/d' "$proof" | cmp -s - checkpoint || fail "$proof: another checkpoint"
  [ "$index" -lt "$size" ] || fail "$proof: index"
  r=$({ printf '\000'; cat "$leaf"; } | hash)
  fn=$index
  sn=$((size - 1))
  for p in $(sed '1,2d;/^$/,$d' "$proof"); do
    [ "$sn" -ne 0 ] || fail "$proof: too long"
    if [ $((fn & 1)) -eq 1 ] || [ "$fn" -eq "$sn" ]; then
      r=$(node "$p" "$r")
      while [ $((fn & 1)) -eq 0 ] && [ "$fn" -ne 0 ]; do fn=$((fn >> 1)); sn=$((sn >> 1)); done
    else
      r=$(node "$r" "$p")
    fi
    fn=$((fn >> 1))
    sn=$((sn >> 1))
  done
  [ "$sn" -eq 0 ] && [ "$r" = "$root" ] || fail "$leaf does not lead to the signed root"
  count=$((count + 1))
done
[ "$count" -gt 0 ] || fail "no record"
echo "TOAN VEN / INTACT: $count records, $name, $size, $root"
)script";
}

std::string_view package_readme() {
  return R"readme(GÓI CHỨNG CỨ ĐIỆN TỬ

Gói này chứa các bản ghi nhật ký trích từ kho chứng cứ của hệ thống Lũy, kèm bằng chứng rằng từng bản ghi
nằm đúng chỗ trong kho tại thời điểm kho được ký số và không bị sửa đổi từ đó đến nay.

Các tệp trong gói
  records/<số>.leaf        một bản ghi, đúng từng byte: phiên bản, số thứ tự, thời điểm nhận, nguồn, nội dung gốc
  records/<số>.tlog-proof  bằng chứng của bản ghi đó (C2SP tlog-proof): đường băm từ bản ghi tới gốc cây
  records.tsv              danh sách để đọc: số thứ tự, thời điểm nhận (UTC), nguồn, nội dung (ký tự lạ ghi \xHH)
  checkpoint               điểm kiểm tra có chữ ký số Ed25519 trên gốc cây (C2SP signed note)
  keys.vkey                khóa công khai đã ký; hãy so với khóa ghi trong biên bản cài đặt
  verify.sh                chương trình kiểm tra, chỉ dùng sh, openssl, sha256sum và các lệnh có sẵn của hệ thống
  SHA256SUMS               mã băm SHA-256 của mọi tệp

Cách kiểm tra, trên bất kỳ máy Linux nào, không cần cài Lũy
  1. Chép khóa công khai từ biên bản cài đặt vào một tệp, ví dụ khoa.vkey (một dòng).
  2. Chạy: sh verify.sh khoa.vkey
  3. Kết quả đúng là dòng bắt đầu bằng "TOAN VEN / INTACT". Mọi kết quả khác là không toàn vẹn.
Không có khóa từ biên bản thì chạy: sh verify.sh. Khi đó chỉ chứng minh được rằng cả gói do cùng một khóa ký.

Điều gói này chứng minh: các bản ghi có trong kho với đúng nội dung, thứ tự, nguồn và thời điểm nhận đã ký.
Điều gói này không chứng minh: nội dung mà máy gửi ghi là đúng sự thật; các bản ghi không có trong gói.

ELECTRONIC EVIDENCE PACKAGE. To verify on any Linux machine: sh verify.sh KEY-FILE, where KEY-FILE holds the public key
written down at installation. The records are proved to be in the signed store with these bytes, this order, these
sources and times of receipt. Not proved: that what a machine wrote is true, and anything about records not in here.
)readme";
}

}  // namespace luy::evidence
