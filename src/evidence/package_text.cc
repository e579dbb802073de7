#include <string>

#include "evidence/package.h"
#include "evidence/package_files.h"

namespace luy::evidence {

// Of both kinds of packages. $given and $name are those of the scripts.
std::string_view package_chain() {
  return R"script(# 2. Which keys may sign: the one given, the root; keys of days that it certified; keys that a successor certified, which
# the root certified for later days. A certificate is a signed note of five lines: what, day, key, nothing, signature.
[ -n "$given" ] || vkey=$(head -n 1 keys.vkey)
name=${vkey%%+*}
# signed_by VKEY NOTE: whether the note carries a right signature of this key (Ed25519 over the text up to the empty line).
signed_by() {
  rest=${1#*+}
  { printf '\060\052\060\005\006\003\053\145\160\003\041\000'; printf '%s' "${rest#*+}" | openssl base64 -d -A | tail -c 32; } >"$work/public.der"
  sed '/^$/,$d' "$2" >"$work/body"
  sed -n "s|^$(printf '\342\200\224') $name ||p" "$2" >"$work/lines"
  while read -r line; do
    printf '%s' "$line" | openssl base64 -d -A >"$work/signature"
    [ "$(od -An -v -tx1 -N4 "$work/signature" | tr -d ' \n')" = "${rest%%+*}" ] || continue
    tail -c +5 "$work/signature" >"$work/ed25519"
    openssl pkeyutl -verify -rawin -pubin -keyform DER -inkey "$work/public.der" -in "$work/body" -sigfile "$work/ed25519" >"$work/openssl" 2>&1 &&
      return 0
  done <"$work/lines"
  return 1
}
echo "0000-00-00 $vkey" >"$work/certifiers"
echo "any $vkey" >"$work/signers"
mkdir "$work/chain"
if [ -f certificates ]; then split -l 5 certificates "$work/chain/"; fi
for certificate in "$work/chain"/*; do
  [ -f "$certificate" ] || continue
  from=$(sed -n 2p "$certificate")
  certified=
  while read -r since key; do
    if expr "x$since" '<=' "x$from" >"$work/expr" && signed_by "$key" "$certificate"; then certified=yes; break; fi
  done <"$work/certifiers"
  [ -n "$certified" ] || fail "certificates: one that nobody signed who may certify"
  case $(sed -n 1p "$certificate") in
    "$name/successor") echo "$from $(sed -n 3p "$certificate")" >>"$work/certifiers" ;;
    "$name/key") echo "$from $(sed -n 3p "$certificate")" >>"$work/signers" ;;
    *) fail "certificates: of another name" ;;
  esac
done
# cosigned VKEY NOTE: whether the note carries a right cosignature of this witness (c2sp.org/tlog-cosignature): after the
# key hash eight bytes of seconds, then Ed25519 over two lines that name them and the text. Sets $seconds.
cosigned() {
  rest=${1#*+}
  { printf '\060\052\060\005\006\003\053\145\160\003\041\000'; printf '%s' "${rest#*+}" | openssl base64 -d -A | tail -c 32; } >"$work/public.der"
  sed '/^$/,$d' "$2" >"$work/body"
  sed -n "s|^$(printf '\342\200\224') ${1%%+*} ||p" "$2" >"$work/lines"
  while read -r line; do
    printf '%s' "$line" | openssl base64 -d -A >"$work/signature"
    [ "$(od -An -v -tx1 -N4 "$work/signature" | tr -d ' \n')" = "${rest%%+*}" ] || continue
    seconds=$((0x$(od -An -v -tx1 -j4 -N8 "$work/signature" | tr -d ' \n')))
    tail -c +13 "$work/signature" >"$work/ed25519"
    { printf 'cosignature/v1\ntime %s\n' "$seconds"; cat "$work/body"; } >"$work/cosigned"
    openssl pkeyutl -verify -rawin -pubin -keyform DER -inkey "$work/public.der" -in "$work/cosigned" -sigfile "$work/ed25519" >"$work/openssl" 2>&1 &&
      return 0
  done <"$work/lines"
  return 1
}
# signed FILE: sets the day of the key that signed it; "any" for the root.
signed() {
  while read -r day key; do
    if signed_by "$key" "$1"; then return 0; fi
  done <"$work/signers"
  fail "$1: signature"
}
if [ -n "$witness" ]; then
  cosigned "$witness" checkpoint || fail "checkpoint: no cosignature of ${witness%%+*}"
  echo "NHAN CHUNG / WITNESS: ${witness%%+*}, $(date -u -d "@$seconds" +%Y-%m-%dT%H:%M:%SZ)"
fi
)script";
}

std::string_view package_script() {
  static const std::string script = R"script(#!/bin/sh
# Verifies this package with sh, openssl, sha256sum, awk and coreutils: sh verify.sh [VKEY-FILE [records [WITNESS-FILE]]]
# VKEY-FILE: the hub's public key as it was written down at installation; without it ("" in its place) the key in this
# package is used, which proves no more than that all of it comes from the holder of one key.
# records: each record for itself, where the package has no signed manifest; "" for a package with one.
# WITNESS-FILE: the key of a witness that must have cosigned the checkpoint. Exits 0 only if everything agrees.
set -eu
LC_ALL=C
export LC_ALL
given=${1:-}
mode=${2:-}
witness=
if [ -n "${3:-}" ]; then witness=$(grep -v '^#' "$3" | head -n 1); fi
if [ -n "$given" ]; then vkey=$(grep -v '^#' "$given" | head -n 1); fi
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "KHONG TOAN VEN / NOT INTACT: $*" >&2; exit 1; }

# 1. Only plain files with the names a package has; they are those of SHA256SUMS and have these digests.
find . ! -type f ! -type d >"$work/odd"
find . -type d ! -name . ! -path ./records >>"$work/odd"
[ ! -s "$work/odd" ] || fail "something that is no plain file of a package"
find . -type f | sed 's|^\./||' | sort >"$work/present"
files='records/(0|[1-9][0-9]*)\.(leaf|tlog-proof)|records\.tsv|checkpoint|keys\.vkey|verify\.sh|DOC-TRUOC\.txt'
grep -v -x -E "$files|SHA256SUMS|manifest|certificates" "$work/present" >"$work/odd" && fail "a file that is not of a package"
[ -f SHA256SUMS ] || fail "SHA256SUMS is absent"
grep -v -x -E "[0-9a-f]{64}  ($files)" SHA256SUMS >"$work/odd" && fail "SHA256SUMS"
sed 's/^[0-9a-f]*  //' SHA256SUMS | sort >"$work/listed"
grep -v -x -E 'SHA256SUMS|manifest|certificates' "$work/present" | cmp -s - "$work/listed" || fail "files absent or added"
sha256sum -c SHA256SUMS >"$work/sums" 2>&1 || { cat "$work/sums" >&2; fail "SHA256SUMS"; }

)script" + std::string(package_chain()) +
                                    R"script(signed checkpoint
[ "$(sed -n 1p "$work/body")" = "$name" ] || fail "checkpoint: origin"
size=$(sed -n 2p "$work/body")
root=$(sed -n 3p "$work/body")
signed_on=$day
# The manifest says which files belong to the package: it names the digest of SHA256SUMS.
if [ -f manifest ]; then
  signed manifest
  [ "$(sed -n 1p "$work/body")" = "$name/package" ] && [ "$(sed -n 2p "$work/body")" = "$size" ] || fail "manifest: of another package"
  [ "$(sed -n 3p "$work/body")" = "$(openssl dgst -sha256 -binary SHA256SUMS | openssl base64 -A)" ] || fail "manifest: other files"
else
  [ "$mode" = records ] || fail "no manifest: nobody signed which records belong here; 'records' as second argument verifies each for itself"
fi

# 3. Every record leads to the signed root (RFC 9162, 2.1.3.2). Hashes are in base 64.
hash() { openssl dgst -sha256 -binary | openssl base64 -A; }
node() { { printf '\001'; printf '%s' "$1" | openssl base64 -d -A; printf '%s' "$2" | openssl base64 -d -A; } | hash; }
cat >"$work/line.awk" <<'AWK'
# The bytes of a leaf as numbers -> its line of records.tsv.
{ for (i = 1; i <= NF; i++) b[n++] = $i + 0 }
function number(at, size,  v) { v = 0; while (size-- > 0) v = v * 256 + b[at++]; return v }
function put(at, size,  c) {
  for (; size > 0; size--) { c = b[at++]; if (c < 32 || c == 127 || c == 92) printf "\\x%02x", c; else printf "%c", c }
}
END {
  t = number(9, 8); micros = t % 1000000; t = (t - micros) / 1000000; s = t % 86400
  z = (t - s) / 86400 + 719468; era = int(z / 146097); doe = z - era * 146097
  yoe = int((doe - int(doe / 1460) + int(doe / 36524) - int(doe / 146096)) / 365)
  doy = doe - (365 * yoe + int(yoe / 4) - int(yoe / 100)); mp = int((5 * doy + 2) / 153)
  day = doy - int((153 * mp + 2) / 5) + 1; month = mp < 10 ? mp + 3 : mp - 9; year = yoe + era * 400 + (month <= 2)
  if (days) print int((t + 25200) / 86400) >>days
  printf "%.0f\t%04d-%02d-%02dT%02d:%02d:%02d.%06dZ\t", number(1, 8), year, month, day, int(s / 3600), int(s / 60) % 60, s % 60, micros
  source = number(17, 2); raw = number(20 + source, 4)
  if (n != 24 + source + raw) exit 1
  put(19, source); printf "\t"; put(24 + source, raw); printf "\n"
}
AWK
sed -n 's|^records/\(.*\)\.leaf$|\1|p' "$work/listed" | sort -n >"$work/seqs"
: >"$work/list"
count=0
while read -r index; do
  leaf=records/$index.leaf
  proof=records/$index.tlog-proof
  [ -f "$proof" ] || fail "$proof is absent"
  [ "$(sed -n 1p "$proof")" = "c2sp.org/tlog-proof@v1" ] || fail "$proof"
  [ "$(sed -n 2p "$proof")" = "index $index" ] || fail "$proof: index"
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
  od -An -v -tu1 "$leaf" >"$work/bytes"
  awk -v days="$work/days" -f "$work/line.awk" "$work/bytes" >>"$work/list" || fail "$leaf"
  count=$((count + 1))
done <"$work/seqs"
[ "$count" -gt 0 ] || fail "no record"
# A day's key signs trees whose newest record was received on that day (of Vietnam, UTC+7).
if [ "$signed_on" != any ]; then
  newest=$(sort -n "$work/days" | tail -n 1)
  [ "$newest" -le $(($(date -u -d "$signed_on" +%s) / 86400)) ] || fail "checkpoint: signed with the key of another day, $signed_on"
fi

# 4. The list to read says what the records say.
cmp -s "$work/list" records.tsv || fail "records.tsv does not say what the records say"
[ -f manifest ] || echo "CHI TUNG BAN GHI / EACH RECORD FOR ITSELF: whether records were taken out is not known"
echo "TOAN VEN / INTACT: $count records, $name, $size, $root"
)script";
  return script;
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
  manifest                 bản kê có chữ ký số: gói gồm đúng những tệp nào (mã băm của SHA256SUMS), câu hỏi, thời điểm xuất
  keys.vkey                khóa công khai gốc; hãy so với khóa ghi trong biên bản cài đặt
  certificates             giấy chứng nhận: khóa gốc chứng nhận khóa của từng ngày, là khóa đã ký (nếu có)
  verify.sh                chương trình kiểm tra, chỉ dùng sh, openssl, sha256sum, awk và các lệnh có sẵn của hệ thống
  SHA256SUMS               mã băm SHA-256 của mọi tệp, trừ chính nó, manifest và certificates

Cách kiểm tra, trên bất kỳ máy Linux nào, không cần cài Lũy
  1. Chép khóa công khai từ biên bản cài đặt vào một tệp, ví dụ khoa.vkey (một dòng).
  2. Chạy: sh verify.sh khoa.vkey
  3. Kết quả đúng là dòng bắt đầu bằng "TOAN VEN / INTACT". Mọi kết quả khác là không toàn vẹn.
Không có khóa từ biên bản thì chạy: sh verify.sh. Khi đó chỉ chứng minh được rằng cả gói do cùng một khóa ký.
Gói không có tệp manifest thì không ai ký cho việc gói gồm những bản ghi nào; khi đó chỉ kiểm được từng bản ghi:
sh verify.sh khoa.vkey records
Có khóa của nhân chứng (máy chủ khác đã ký xác nhận điểm kiểm tra) thì kiểm luôn chữ ký đó:
sh verify.sh khoa.vkey "" nhan-chung.vkey

Điều gói này chứng minh: các bản ghi có trong kho với đúng nội dung, thứ tự, nguồn và thời điểm nhận đã ký; và
gói gồm đúng những bản ghi đã xuất, không bị lấy bớt hay thêm vào (nhờ manifest).
Điều gói này không chứng minh: nội dung mà máy gửi ghi là đúng sự thật; các bản ghi không có trong gói.

ELECTRONIC EVIDENCE PACKAGE. To verify on any Linux machine: sh verify.sh KEY-FILE, where KEY-FILE holds the public key
written down at installation. The records are proved to be in the signed store with these bytes, this order, these
sources and times of receipt, and, by the signed manifest, to be all that were exported. Not proved: that what a machine wrote is true, and anything about records not in here.
)readme";
}

}  // namespace luy::evidence
