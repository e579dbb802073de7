#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <system_error>

#include "base/encoding.h"
#include "base/file.h"
#include "evidence/certificate.h"
#include "evidence/day_file.h"
#include "evidence/error.h"
#include "evidence/file_digest.h"
#include "evidence/finding.h"
#include "evidence/merkle.h"
#include "evidence/package.h"
#include "evidence/package_days.h"
#include "evidence/package_files.h"

namespace luy::evidence {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t sums_bytes_max = std::size_t{4} << 20;
constexpr std::size_t leaf_bytes_max = record_bytes_max + 1024;
constexpr std::size_t digest_chars = 64;
constexpr std::size_t certificates_bytes_max = std::size_t{1} << 20;

class PackageVerifier {
 public:
  PackageVerifier(const fs::path& folder, const VerifyOptions& options, ExpectedRoots expected)
      : folder_(folder), options_(options), expected_(std::move(expected)), of_days_(is_day_package(folder)) {}

  const std::vector<std::string>& certificates() const { return certificates_; }

  Result<VerifySummary> verify() {
    list(folder_);
    check_sums();
    read_keys();
    const std::string note = text_of(package_checkpoint, note_bytes_max);
    check_checkpoint(note);
    check_manifest();
    if (of_days_) {
      LUY_TRY_VOID(check_days());
    } else {
      check_records(note);
    }
    if (options_.keys.empty()) remark(remark_own_keys, folder_.filename().string());
    return summary_;
  }

 private:
  void fault(const ErrorKind& kind, const std::string& detail) {
    ++summary_.faults;
    options_.report({Error(kind, detail), true, folder_});
  }
  void remark(const ErrorKind& kind, const std::string& detail) {
    options_.report({Error(kind, detail), false, folder_});
  }

  // What lies there. Only plain files are ever opened: a pipe or a link to a device would hold the verifier for ever.
  void list(const fs::path& folder) {
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
      const std::string name = entry->path().lexically_relative(folder_).string();
      const fs::file_status status = entry->symlink_status(error);
      if (error) break;
      if (name == (of_days_ ? package_days_folder : "records") && fs::is_directory(status)) {
        list(entry->path());
      } else if (fs::is_regular_file(status) && (is_listed_kind(name) || is_beside_sums(name))) {
        present_.insert(name);
      } else {
        fault(finding_foreign_file, name);
      }
    }
    if (error) fault(finding_file_absent, folder.string());
  }

  std::string text_of(std::string_view name, std::size_t bytes_max) {
    if (!present_.contains(std::string(name))) {
      fault(finding_file_absent, std::string(name));
      return {};
    }
    auto text = read_file(folder_ / name, bytes_max);
    if (text) return *std::move(text);
    fault(finding_file_damaged, std::string(name));
    return {};
  }

  void check_sums() {
    sums_ = text_of(package_sums, sums_bytes_max);
    for (std::string_view rest = sums_; !rest.empty();) {
      const std::string_view line = rest.substr(0, std::min(rest.find('\n'), rest.size()));
      rest.remove_prefix(std::min(line.size() + 1, rest.size()));
      const bool well_formed = line.size() > digest_chars + 2 && line.substr(digest_chars, 2) == "  ";
      const std::string name(well_formed ? line.substr(digest_chars + 2) : std::string_view());
      if (!is_listed_kind(name) || !listed_.insert(name).second) {
        fault(finding_digest_wrong, std::string(package_sums));
        continue;
      }
      ++summary_.files;
      if (!present_.contains(name)) {
        fault(finding_file_absent, name);
        continue;
      }
      const auto digest = file_sha256(folder_ / name);
      if (!digest || *digest != line.substr(0, digest_chars)) fault(finding_digest_wrong, name);
    }
    for (const std::string& name : present_) {
      if (!is_beside_sums(name) && !listed_.contains(name)) fault(finding_digest_wrong, name);
    }
  }

  void read_keys() {
    std::vector<VerifierKey> roots = options_.keys;
    if (roots.empty()) {
      const std::string text = text_of(package_keys, note_bytes_max);
      if (auto key = VerifierKey::parse(text.substr(0, text.find('\n')))) roots.push_back(*std::move(key));
    }
    ring_ = KeyRing(std::move(roots));
    if (!present_.contains(std::string(package_certificates))) return;
    auto certificates = split_certificates(text_of(package_certificates, certificates_bytes_max));
    if (certificates) certificates_ = *std::move(certificates);
    if (!certificates || ring_.add(certificates_) > 0) {
      fault(finding_certificate, std::string(package_certificates));
    }
  }

  void check_checkpoint(const std::string& note) {
    const auto signed_by = ring_.verify(note);
    const auto body = parse_body(note);
    if (!signed_by || !body || body->origin != signed_by->key.name) {
      return fault(finding_note_invalid, std::string(package_checkpoint));
    }
    ++summary_.checkpoints;
    signed_on_ = signed_by->day;
    summary_.size = body->size;
    summary_.root = body->root;
    origin_ = body->origin;
    check_witnesses(note);
    for (const auto& [size, root] : expected_) {
      const std::string detail = "checkpoint of size " + std::to_string(size) + ", kept elsewhere";
      if (size != body->size) {
        remark(remark_note_not_checked, detail);
      } else if (root != body->root) {
        fault(finding_root_differs, detail);
      }
    }
  }

  void check_witnesses(const std::string& note) {
    const auto by = verify_cosignatures(note, options_.witnesses);
    if (!by) return fault(finding_note_invalid, std::string(package_checkpoint));
    for (const WitnessKey& one : options_.witnesses) {
      const auto found = std::ranges::find_if(*by, [&](const Cosignature& line) { return line.key == one; });
      if (found == by->end()) {
        fault(finding_cosignature_absent, one.name);
      } else {
        remark(remark_cosigned, one.name + ": " + std::to_string(summary_.size) + ", " +
                                    to_rfc3339(Time(std::chrono::seconds(found->seconds))));
        summary_.cosigned = summary_.size;
      }
    }
  }

  void check_manifest() {
    if (!present_.contains(std::string(package_manifest))) {
      if (options_.each_record) return remark(remark_each_record, folder_.filename().string());
      return fault(finding_manifest_absent, folder_.filename().string());
    }
    const std::string text = text_of(package_manifest, note_bytes_max);
    const auto signed_by = ring_.verify(text);
    const auto body = parse_body(text);
    if (!signed_by || !body || signed_by->key.name != origin_ ||
        body->origin != origin_ + std::string(package_origin_suffix) || body->size != summary_.size ||
        body->root != sha256(sums_)) {
      fault(finding_note_invalid, std::string(package_manifest));
    }
  }

  bool is_listed_kind(std::string_view name) const {
    return of_days_ ? is_day_package_file(name) : is_package_file(name);
  }

  // The days verify as a folder of copied days does, each must be closed, and the tree at the end of the first must be
  // a beginning of the signed one.
  Result<void> check_days() {
    std::vector<Day> days;
    for (const std::string& name : listed_) {
      const auto day = day_of_path(name);
      if (day && name.starts_with(package_days_folder) && present_.contains(name)) days.push_back(*day);
    }
    if (days.empty()) {
      fault(finding_record_absent, std::string(package_days_folder));
      return {};
    }
    std::ranges::sort(days);
    VerifyOptions of_days = options_;
    of_days.keys = ring_.roots();
    of_days.notes.clear();
    of_days.witnesses.clear();  // The checkpoint, which they cosigned, covers the days.
    of_days.days = VerifyOptions::Range{days.front(), days.back()};
    LUY_TRY(const VerifySummary found, verify_path(folder_ / package_days_folder, of_days));
    summary_.faults += found.faults;
    summary_.records = found.records;
    summary_.raw_bytes = found.raw_bytes;
    summary_.checkpoints += found.checkpoints;
    std::optional<CheckpointBody> first_end;
    for (const Day day : days) {
      const auto end = end_of(day);
      if (end && !first_end) first_end = *end;
    }
    check_consistency(first_end);
    return {};
  }

  // The closing checkpoint; a fault where the day is not closed.
  std::optional<CheckpointBody> end_of(Day day) {
    const auto reader = DayReader::open(day_path(folder_ / package_days_folder, day), true);
    const auto head = reader ? (*reader)->head() : Result<DayHead>(reader.error());
    if (!head) return std::nullopt;  // Which was reported.
    if (head->state != DayState::closed) {
      fault(finding_unsealed, to_iso(day));
      return std::nullopt;
    }
    const auto note = (*reader)->newest_note();
    const auto body = note && *note ? parse_body((*note)->text) : Result<CheckpointBody>(Error(note_malformed));
    return body ? std::optional(*body) : std::nullopt;
  }

  void check_consistency(const std::optional<CheckpointBody>& first_end) {
    const auto proof = parse_consistency(text_of(package_consistency, note_bytes_max));
    const bool fits = proof && first_end && proof->old_size == first_end->size && proof->old_root == first_end->root &&
                      proof->new_size == summary_.size && proof->new_root == summary_.root;
    if (!fits ||
        !verify_consistency(hasher_, proof->old_size, proof->new_size, proof->old_root, proof->new_root, proof->path)) {
      fault(finding_root_differs, std::string(package_consistency));
    }
  }

  void check_records(const std::string& note) {
    std::set<std::uint64_t> seqs;
    for (const std::string& name : listed_) {
      if (const auto seq = seq_of_leaf_name(name)) seqs.insert(*seq);
    }
    std::ifstream list;
    if (present_.contains(std::string(package_list))) list.open(folder_ / package_list, std::ios::binary);
    bool same = list.is_open();
    for (const std::uint64_t seq : seqs) {
      const auto record = check_record(seq, note);
      if (!record) continue;
      const std::string line = record_line(*record);
      std::string found(line.size(), '\0');
      same = same && list.read(found.data(), static_cast<std::streamsize>(found.size())) && found == line;
    }
    if (summary_.records == 0) fault(finding_record_absent, "records");
    if (!same || list.peek() != std::ifstream::traits_type::eof()) {
      fault(finding_list_altered, std::string(package_list));
    }
  }

  // Nullopt when it is not proved.
  std::optional<Record> check_record(std::uint64_t seq, const std::string& note) {
    const auto refuse = [&](const ErrorKind& kind) {
      fault(kind, leaf_name(seq));
      return std::nullopt;
    };
    if (!present_.contains(leaf_name(seq)) || !listed_.contains(proof_name(seq)) ||
        !present_.contains(proof_name(seq))) {
      return refuse(finding_record_absent);
    }
    const auto leaf = read_file(folder_ / leaf_name(seq), leaf_bytes_max);
    const auto text = read_file(folder_ / proof_name(seq), 2 * note_bytes_max);
    if (!leaf || !text) return refuse(finding_record_absent);
    auto record = parse_leaf_data(*leaf);
    const auto proof = parse_proof(*text);
    if (!record || !proof || proof->note != note || record->seq != seq || proof->index != seq || seq >= summary_.size) {
      return refuse(finding_block_altered);
    }
    const auto root = root_of_path(hasher_, seq, summary_.size, hasher_.hash(to_view(*record)), proof->path);
    if (!root || *root != summary_.root) return refuse(finding_root_differs);
    // The newest record of the signed tree is of the key's day; none is of a later one.
    if (signed_on_ && day_of(record->received) > *signed_on_) return refuse(finding_key_day);
    ++summary_.records;
    summary_.raw_bytes += record->raw.size();
    return *std::move(record);
  }

  const fs::path folder_;
  const VerifyOptions& options_;
  const ExpectedRoots expected_;
  const bool of_days_;
  VerifySummary summary_;
  LeafHasher hasher_;
  std::set<std::string> present_;
  std::set<std::string> listed_;
  std::string sums_;
  KeyRing ring_{{}};
  std::vector<std::string> certificates_;
  std::optional<Day> signed_on_;
  std::string origin_;
};

}  // namespace

Result<VerifySummary> verify_package(const fs::path& folder, const VerifyOptions& options) {
  LUY_TRY(ExpectedRoots expected, expected_roots(options));
  std::error_code error;
  if (!fs::is_directory(folder, error)) return Error(file_not_found, folder.string());
  PackageVerifier verifier(folder, options, std::move(expected));
  LUY_TRY(const VerifySummary summary, verifier.verify());
  LUY_TRY_VOID(verify_expected(options, verifier.certificates()));
  return summary;
}

}  // namespace luy::evidence
