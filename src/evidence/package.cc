#include "evidence/package.h"

#include <algorithm>
#include <map>
#include <set>
#include <system_error>

#include "base/encoding.h"
#include "base/file.h"
#include "evidence/error.h"
#include "evidence/file_digest.h"
#include "evidence/finding.h"
#include "evidence/merkle.h"
#include "evidence/tally.h"

namespace luy::evidence {
namespace fs = std::filesystem;
namespace {

constexpr mode_t package_mode = 0644;
constexpr std::size_t sums_bytes_max = std::size_t{4} << 20;
constexpr std::size_t leaf_bytes_max = record_bytes_max + 1024;
constexpr std::string_view sums_name = "SHA256SUMS";
constexpr std::string_view checkpoint_name = "checkpoint";
constexpr std::string_view keys_name = "keys.vkey";

// Keeps the digests of what it puts for SHA256SUMS.
class PackageWriter {
 public:
  explicit PackageWriter(const PackageSink& put) : put_(put) {}
  Result<void> put(const std::string& name, std::string_view bytes) {
    sums_[name] = to_hex(sha256_.digest(bytes));
    return put_(name, bytes);
  }
  Result<void> finish() {
    std::string lines;
    for (const auto& [name, digest] : sums_) lines += digest + "  " + name + "\n";
    return put_(std::string(sums_name), lines);
  }

 private:
  const PackageSink& put_;
  std::map<std::string, std::string> sums_;
  Sha256 sha256_;
};

std::string readable(std::string_view raw) {
  std::string out;
  for (const char c : raw) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte != 0x7f && c != '\\') {
      out += c;
    } else {
      out += "\\x" + to_hex(as_bytes(std::string_view(&c, 1)));
    }
  }
  return out;
}

Result<std::string> newest_keys(const Archive& archive) {
  const auto days = archive.list();
  for (auto day = days.rbegin(); day != days.rend(); ++day) {
    LUY_TRY(const Lease reader, Lease::take(archive, *day));
    LUY_TRY(const auto keys, reader->vkeys());
    if (!keys.empty()) return keys.back() + "\n";
  }
  return Error(store_empty, "key");
}

Result<void> prepare(const fs::path& folder) {
  std::error_code error;
  if (fs::exists(folder, error) && !fs::is_empty(folder, error)) {
    return Error(file_failed, folder.string() + ": không trống / not empty");
  }
  LUY_TRY_VOID(make_folder(folder, 0755));
  return make_folder(folder / "records", 0755);
}

}  // namespace

Result<PackageSummary> write_package(const Archive& archive, const Question& question, SearchQuery query,
                                     const PackageSink& put) {
  if (query.limit > package_records_max) return Error(query_invalid, "10.000 bản ghi / records");
  LUY_TRY(const auto checkpoint, archive.newest_checkpoint());
  if (!checkpoint) return Error(store_empty, "checkpoint");
  LUY_TRY(const Frontier tree, archive.frontier_at(checkpoint->size));
  LUY_TRY(const std::string keys, newest_keys(archive));
  PackageSummary out;
  out.size = checkpoint->size;
  std::vector<std::uint64_t> seqs;
  LUY_TRY(const SearchStats stats, ask(archive, question, std::move(query), {}, [&](const Record& record) {
            if (record.seq >= checkpoint->size) {
              ++out.uncovered;
              return Visit::skip;
            }
            seqs.push_back(record.seq);
            return Visit::keep;
          }));
  if (seqs.empty() && out.uncovered > 0) return Error(not_covered, std::to_string(checkpoint->size));
  if (seqs.empty()) return Error(record_unknown, "–");
  out.complete = stats.complete;
  std::ranges::sort(seqs);
  PackageWriter files(put);
  std::string list;
  for (const std::uint64_t seq : seqs) {
    LUY_TRY(const InclusionProof proof, archive.prove(seq, *checkpoint, tree));
    const std::string base = "records/" + std::to_string(seq);
    LUY_TRY_VOID(files.put(base + ".leaf", leaf_data(proof.record)));
    LUY_TRY_VOID(files.put(base + ".tlog-proof", format_proof({seq, proof.path, checkpoint->note})));
    list += std::to_string(seq) + "\t" + to_rfc3339(proof.record.received) + "\t" + readable(proof.record.source) +
            "\t" + readable(proof.record.raw) + "\n";
    ++out.records;
  }
  LUY_TRY_VOID(files.put("records.tsv", list));
  LUY_TRY_VOID(files.put(std::string(checkpoint_name), checkpoint->note));
  LUY_TRY_VOID(files.put(std::string(keys_name), keys));
  LUY_TRY_VOID(files.put("verify.sh", package_script()));
  LUY_TRY_VOID(files.put("DOC-TRUOC.txt", package_readme()));
  LUY_TRY_VOID(files.finish());
  return out;
}

Result<PackageSummary> write_package(const Archive& archive, const Question& question, SearchQuery query,
                                     const fs::path& folder) {
  bool is_ready = false;
  return write_package(archive, question, std::move(query),
                       [&](const std::string& name, std::string_view bytes) -> Result<void> {
                         if (!is_ready) LUY_TRY_VOID(prepare(folder));
                         is_ready = true;
                         return write_file_durably(folder / name, bytes, package_mode);
                       });
}

bool is_package(const fs::path& folder) {
  std::error_code error;
  return fs::is_regular_file(folder / checkpoint_name, error) && fs::is_directory(folder / "records", error);
}

namespace {

class PackageVerifier {
 public:
  PackageVerifier(const fs::path& folder, const VerifyOptions& options) : folder_(folder), options_(options) {}

  Result<VerifySummary> verify() {
    const std::set<std::string> listed = check_sums();
    LUY_TRY(const std::string note, read_file(folder_ / checkpoint_name, note_bytes_max));
    check_checkpoint(note);
    for (const std::string& name : listed) {
      if (name.ends_with(".leaf")) check_record(name, note);
    }
    if (summary_.records == 0) fault(finding_record_absent, "records");
    return summary_;
  }

 private:
  void fault(const ErrorKind& kind, const std::string& detail) {
    ++summary_.faults;
    options_.report({Error(kind, detail), true, folder_});
  }

  // The names in SHA256SUMS. Reports what differs, is absent or was added.
  std::set<std::string> check_sums() {
    std::set<std::string> listed;
    const auto sums = read_file(folder_ / sums_name, sums_bytes_max);
    if (!sums) {
      fault(finding_digest_absent, std::string(sums_name));
      return listed;
    }
    for (std::string_view rest = *sums; !rest.empty();) {
      const std::string_view line = rest.substr(0, std::min(rest.find('\n'), rest.size()));
      rest.remove_prefix(std::min(line.size() + 1, rest.size()));
      // Names are ours; anything else does not belong here and is never opened.
      const std::string name(line.size() > 66 ? line.substr(66) : std::string_view());
      if (name.empty() || name.find("..") != std::string::npos || name.front() == '/') {
        fault(finding_digest_wrong, std::string(sums_name));
        continue;
      }
      ++summary_.files;
      listed.insert(name);
      const auto digest = file_sha256(folder_ / name);
      if (!digest) {
        fault(finding_file_absent, name);
      } else if (*digest != line.substr(0, 64)) {
        fault(finding_digest_wrong, name);
      }
    }
    std::error_code error;
    for (fs::recursive_directory_iterator entry(folder_, error), end; !error && entry != end; entry.increment(error)) {
      if (entry->is_directory(error)) continue;
      const std::string name = entry->path().lexically_relative(folder_).string();
      if (name != sums_name && !listed.contains(name)) fault(finding_digest_wrong, name);
    }
    return listed;
  }

  void check_checkpoint(const std::string& note) {
    std::vector<VerifierKey> keys = options_.keys;
    if (keys.empty()) {
      options_.report({Error(remark_own_keys, folder_.filename().string()), false, folder_});
      if (const auto text = read_file(folder_ / keys_name, note_bytes_max)) {
        if (auto key = VerifierKey::parse(text->substr(0, text->find('\n')))) keys.push_back(*std::move(key));
      }
    }
    const auto signed_by = verify_note(note, keys);
    const auto body = parse_body(note);
    if (!signed_by || !body || body->origin != signed_by->name) {
      return fault(finding_note_invalid, std::string(checkpoint_name));
    }
    ++summary_.checkpoints;
    summary_.size = body->size;
    summary_.root = body->root;
  }

  void check_record(const std::string& name, const std::string& note) {
    const fs::path leaf_file = folder_ / name;
    fs::path proof_file = leaf_file;
    proof_file.replace_extension(".tlog-proof");
    const auto leaf = read_file(leaf_file, leaf_bytes_max);
    const auto text = read_file(proof_file, 2 * note_bytes_max);
    if (!leaf || !text) return fault(finding_record_absent, name);
    const auto record = parse_leaf_data(*leaf);
    const auto proof = parse_proof(*text);
    if (!record || !proof || proof->note != note || record->seq != proof->index || proof->index >= summary_.size) {
      return fault(finding_block_altered, name);
    }
    const auto root = root_of_path(hasher_, proof->index, summary_.size, hasher_.hash(to_view(*record)), proof->path);
    if (!root || *root != summary_.root) return fault(finding_root_differs, name);
    ++summary_.records;
    summary_.raw_bytes += record->raw.size();
  }

  const fs::path folder_;
  const VerifyOptions& options_;
  VerifySummary summary_;
  LeafHasher hasher_;
};

}  // namespace

Result<VerifySummary> verify_package(const fs::path& folder, const VerifyOptions& options) {
  return PackageVerifier(folder, options).verify();
}

}  // namespace luy::evidence
