#include "evidence/package_days.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <system_error>

#include "base/encoding.h"
#include "base/file.h"
#include "evidence/certificate.h"
#include "evidence/durable.h"
#include "evidence/error.h"
#include "evidence/file_digest.h"
#include "evidence/package_files.h"
#include "evidence/package_parts.h"
#include "evidence/witness_file.h"

namespace luy::evidence {
namespace fs = std::filesystem;
namespace {

constexpr mode_t package_mode = 0600;  // The records are about people.

std::optional<std::string_view> take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

std::optional<Hash> hash_of(std::optional<std::string_view> line) {
  const auto bytes = line ? from_base64(*line) : std::nullopt;
  if (!bytes || bytes->size() != sizeof(Hash)) return std::nullopt;
  Hash out{};
  std::copy_n(as_bytes(*bytes).data(), out.size(), out.data());
  return out;
}

std::optional<std::uint64_t> size_of(std::optional<std::string_view> line, std::string_view word) {
  if (!line || !line->starts_with(word)) return std::nullopt;
  line->remove_prefix(word.size());
  std::uint64_t out = 0;
  const auto [end, error] = std::from_chars(line->data(), line->data() + line->size(), out);
  if (error != std::errc() || end != line->data() + line->size()) return std::nullopt;
  return out;
}

struct ClosedDay {
  fs::path file;
  std::uint64_t records = 0;
  CheckpointBody end;
};

// Those of the wanted days that are there. Errors: day_not_closed, store_corrupt.
Result<std::vector<ClosedDay>> closed_days(const Archive& archive, Day first, Day last) {
  std::vector<ClosedDay> out;
  std::vector<Day> found;
  for (const auto& day : archive.list()) {
    if (day->day < first || day->day > last) continue;
    if (!day->sealed) return Error(day_not_closed, to_iso(day->day));
    LUY_TRY(const Lease reader, Lease::take(archive, day));
    LUY_TRY(const auto note, reader->newest_note());
    if (!note) return Error(store_corrupt, day->file.string() + ": closing checkpoint");
    LUY_TRY(auto end, parse_body(note->text));
    out.push_back({day->file, day->end_seq - day->first_seq, std::move(end)});
    found.push_back(day->day);
  }
  for (const Day wanted : {first, last}) {
    if (std::ranges::find(found, wanted) == found.end()) return Error(day_not_closed, to_iso(wanted));
  }
  return out;
}

// Keeps the digests for SHA256SUMS.
class DayPackageWriter {
 public:
  explicit DayPackageWriter(fs::path folder) : folder_(std::move(folder)) {}

  Result<void> put(const std::string& name, std::string_view bytes) {
    sums_[name] = to_hex(sha256(bytes));
    return write_file_durably(folder_ / name, bytes, package_mode);
  }
  // What was copied is read again: a digest of the original would say nothing about the copy.
  Result<void> copy(const fs::path& from, const std::string& name) {
    const fs::path to = folder_ / name;
    std::error_code error;
    fs::copy_file(from, to, error);
    if (error) return file_error(to.string(), error.value());
    fs::permissions(to, fs::perms(package_mode), error);
    const UniqueFd fd(::open(to.c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd) return file_error(to.string(), errno);
    sync_or_die(fd.get(), to);
    LUY_TRY(sums_[name], file_sha256(to));
    return {};
  }
  Result<Hash> finish() {
    std::string lines;
    for (const auto& [name, digest] : sums_) lines += digest + "  " + name + "\n";
    LUY_TRY_VOID(write_file_durably(folder_ / package_sums, lines, package_mode));
    return sha256(lines);
  }

 private:
  const fs::path folder_;
  std::map<std::string, std::string> sums_;
};

Result<void> prepare(const fs::path& folder) {
  std::error_code error;
  if (fs::exists(folder, error) && !fs::is_empty(folder, error)) {
    return Error(file_failed, folder.string() + ": không trống / not empty");
  }
  LUY_TRY_VOID(make_folder(folder));
  return make_folder(folder / package_days_folder);
}

}  // namespace

std::string format_consistency(const ConsistencyProof& proof) {
  std::string out = "old " + std::to_string(proof.old_size) + "\n" + to_base64(as_text(proof.old_root)) + "\nnew " +
                    std::to_string(proof.new_size) + "\n" + to_base64(as_text(proof.new_root)) + "\n";
  for (const Hash& hash : proof.path) out += to_base64(as_text(hash)) + "\n";
  return out;
}

Result<ConsistencyProof> parse_consistency(std::string_view text) {
  const Error malformed(note_malformed, package_consistency.data());
  ConsistencyProof out;
  const auto old_size = size_of(take_line(text), "old ");
  const auto old_root = hash_of(take_line(text));
  const auto new_size = size_of(take_line(text), "new ");
  const auto new_root = hash_of(take_line(text));
  if (!old_size || !old_root || !new_size || !new_root) return malformed;
  out = {*old_size, *old_root, *new_size, *new_root, {}};
  while (!text.empty()) {
    const auto hash = hash_of(take_line(text));
    if (!hash || out.path.size() == 2 * proof_path_max) return malformed;
    out.path.push_back(*hash);
  }
  return out;
}

Result<PackageSummary> write_day_package(const Archive& archive, const DayPackage& wanted, const fs::path& folder) {
  if (wanted.last < wanted.first) return Error(query_invalid, to_iso(wanted.first) + ".." + to_iso(wanted.last));
  LUY_TRY(auto checkpoint, archive.newest_checkpoint());
  if (!checkpoint) return Error(store_empty, "checkpoint");
  LUY_TRY(const VerifierKey root, root_of(archive, *checkpoint));
  if (wanted.signer.vkey() != root.vkey()) return Error(key_invalid, wanted.signer.vkey());
  LUY_TRY(const auto days, closed_days(archive, wanted.first, wanted.last));
  LUY_TRY(auto witnessed, witnessed_checkpoint(archive, days.back().end.size - 1));
  if (witnessed) checkpoint = std::move(witnessed);
  const CheckpointBody& first_end = days.front().end;
  ConsistencyProof proof{first_end.size, first_end.root, checkpoint->size, checkpoint->root, {}};
  LUY_TRY(proof.path, archive.prove_consistency(proof.old_size, proof.new_size));
  LUY_TRY_VOID(prepare(folder));
  DayPackageWriter files(folder);
  PackageSummary out;
  out.size = checkpoint->size;
  for (const ClosedDay& day : days) {
    const std::string name = std::string(package_days_folder) + "/" + day.file.filename().string();
    LUY_TRY_VOID(files.copy(day.file, name));
    LUY_TRY_VOID(files.copy(digest_path(day.file), name + ".sha256"));
    for (const fs::path& beside : {cosigned_path(day.file), stamp_path(day.file)}) {
      std::error_code error;
      if (!fs::exists(beside, error)) continue;
      LUY_TRY_VOID(files.copy(beside, std::string(package_days_folder) + "/" + beside.filename().string()));
    }
    out.records += day.records;
  }
  LUY_TRY_VOID(sync_folder_or_die(folder / package_days_folder));
  LUY_TRY_VOID(files.put(std::string(package_checkpoint), checkpoint->note));
  LUY_TRY_VOID(files.put(std::string(package_consistency), format_consistency(proof)));
  LUY_TRY_VOID(files.put(std::string(package_keys), root.vkey() + "\n"));
  LUY_TRY_VOID(files.put("verify.sh", day_package_script()));
  LUY_TRY_VOID(files.put("verify-day.sh", day_script()));
  LUY_TRY_VOID(files.put("DOC-TRUOC.txt", package_readme()));
  LUY_TRY(const Hash sums, files.finish());
  const std::string body =
      format_body({wanted.signer.origin() + std::string(package_origin_suffix), checkpoint->size, sums}) + "records " +
      std::to_string(out.records) + "\nmade " + to_rfc3339(wanted.made) + "\ndays " + to_iso(wanted.first) + ".." +
      to_iso(wanted.last) + "\n";
  LUY_TRY(const SignedNote manifest, wanted.signer.sign_statement(body));
  const std::string certificates = all_certificates(checkpoint->certificates, manifest.certificates);
  if (!certificates.empty()) {
    LUY_TRY_VOID(write_file_durably(folder / package_certificates, certificates, package_mode));
  }
  LUY_TRY_VOID(write_file_durably(folder / package_manifest, manifest.note, package_mode));
  return out;
}

bool is_day_package(const fs::path& folder) {
  std::error_code error;
  return fs::is_regular_file(folder / package_checkpoint, error) &&
         fs::is_directory(folder / package_days_folder, error);
}

}  // namespace luy::evidence
