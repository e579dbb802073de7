#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <system_error>

#include "base/encoding.h"
#include "base/file.h"
#include "evidence/file_digest.h"
#include "evidence/finding.h"
#include "evidence/merkle.h"
#include "evidence/package.h"
#include "evidence/package_files.h"

namespace luy::evidence {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t sums_bytes_max = std::size_t{4} << 20;
constexpr std::size_t leaf_bytes_max = record_bytes_max + 1024;
constexpr std::size_t digest_chars = 64;

class PackageVerifier {
 public:
  PackageVerifier(const fs::path& folder, const VerifyOptions& options, ExpectedRoots expected)
      : folder_(folder), options_(options), expected_(std::move(expected)) {}

  VerifySummary verify() {
    list(folder_);
    check_sums();
    read_keys();
    const std::string note = text_of(package_checkpoint, note_bytes_max);
    check_checkpoint(note);
    check_manifest();
    check_records(note);
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
      if (name == "records" && fs::is_directory(status)) {
        list(entry->path());
      } else if (fs::is_regular_file(status) &&
                 (is_package_file(name) || name == package_sums || name == package_manifest)) {
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
      if (!is_package_file(name) || !listed_.insert(name).second) {
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
      const bool aside = name == package_sums || name == package_manifest;
      if (!aside && !listed_.contains(name)) fault(finding_digest_wrong, name);
    }
  }

  void read_keys() {
    keys_ = options_.keys;
    if (!keys_.empty()) return;
    const std::string text = text_of(package_keys, note_bytes_max);
    if (auto key = VerifierKey::parse(text.substr(0, text.find('\n')))) keys_.push_back(*std::move(key));
  }

  void check_checkpoint(const std::string& note) {
    const auto signed_by = verify_note(note, keys_);
    const auto body = parse_body(note);
    if (!signed_by || !body || body->origin != signed_by->name) {
      return fault(finding_note_invalid, std::string(package_checkpoint));
    }
    ++summary_.checkpoints;
    summary_.size = body->size;
    summary_.root = body->root;
    origin_ = body->origin;
    for (const auto& [size, root] : expected_) {
      const std::string detail = "checkpoint of size " + std::to_string(size) + ", kept elsewhere";
      if (size != body->size) {
        remark(remark_note_not_checked, detail);
      } else if (root != body->root) {
        fault(finding_root_differs, detail);
      }
    }
  }

  void check_manifest() {
    if (!present_.contains(std::string(package_manifest))) {
      if (options_.each_record) return remark(remark_each_record, folder_.filename().string());
      return fault(finding_manifest_absent, folder_.filename().string());
    }
    const std::string text = text_of(package_manifest, note_bytes_max);
    const auto signed_by = verify_note(text, keys_);
    const auto body = parse_body(text);
    if (!signed_by || !body || signed_by->name != origin_ ||
        body->origin != origin_ + std::string(package_origin_suffix) || body->size != summary_.size ||
        body->root != sha256(sums_)) {
      fault(finding_note_invalid, std::string(package_manifest));
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
    ++summary_.records;
    summary_.raw_bytes += record->raw.size();
    return *std::move(record);
  }

  const fs::path folder_;
  const VerifyOptions& options_;
  const ExpectedRoots expected_;
  VerifySummary summary_;
  LeafHasher hasher_;
  std::set<std::string> present_;
  std::set<std::string> listed_;
  std::string sums_;
  std::vector<VerifierKey> keys_;
  std::string origin_;
};

}  // namespace

Result<VerifySummary> verify_package(const fs::path& folder, const VerifyOptions& options) {
  LUY_TRY(ExpectedRoots expected, expected_roots(options));
  std::error_code error;
  if (!fs::is_directory(folder, error)) return Error(file_not_found, folder.string());
  return PackageVerifier(folder, options, std::move(expected)).verify();
}

}  // namespace luy::evidence
