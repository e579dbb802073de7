#include "evidence/package.h"

#include <algorithm>
#include <map>
#include <system_error>

#include "base/encoding.h"
#include "base/file.h"
#include "base/utf8.h"
#include "evidence/certificate.h"
#include "evidence/error.h"
#include "evidence/merkle.h"
#include "evidence/package_files.h"
#include "evidence/package_parts.h"
#include "evidence/tally.h"
#include "evidence/witness_file.h"

namespace luy::evidence {
namespace fs = std::filesystem;
namespace {

constexpr mode_t package_mode = 0600;  // The records are about people.

// Keeps the digests of what it puts for SHA256SUMS.
class PackageWriter {
 public:
  explicit PackageWriter(const PackageSink& put) : put_(put) {}
  Result<void> put(const std::string& name, std::string_view bytes) {
    sums_[name] = to_hex(sha256_.digest(bytes));
    return put_(name, bytes);
  }
  // SHA256SUMS; answers its digest.
  Result<Hash> finish() {
    std::string lines;
    for (const auto& [name, digest] : sums_) lines += digest + "  " + name + "\n";
    LUY_TRY_VOID(put_(std::string(package_sums), lines));
    return sha256_.digest(lines);
  }

 private:
  const PackageSink& put_;
  std::map<std::string, std::string> sums_;
  Sha256 sha256_;
};

std::string manifest_body(const PackageSeal& seal, const PackageChoice& choice, const PackageSummary& summary,
                          const Hash& sums) {
  std::string out = format_body({seal.signer.origin() + std::string(package_origin_suffix), summary.size, sums});
  out += "records " + std::to_string(summary.records) + "\nmade " + to_rfc3339(seal.made) + "\n";
  if (choice.from) out += "from " + to_rfc3339(*choice.from) + "\n";
  if (choice.until) out += "until " + to_rfc3339(*choice.until) + "\n";
  out += "question " + readable(to_utf8(seal.question)) + "\n";
  return out + (summary.complete ? "complete yes\n" : "complete no\n");
}

// The checkpoint that a package's proofs lead to.
struct PackageTree {
  Checkpoint checkpoint;
  Frontier frontier;
  VerifierKey key;
};

Result<PackageTree> tree_at(const Archive& archive, Checkpoint checkpoint, const PackageSeal* seal) {
  LUY_TRY(Frontier frontier, archive.frontier_at(checkpoint.size));
  LUY_TRY(VerifierKey key, root_of(archive, checkpoint));
  if (seal != nullptr && seal->signer.vkey() != key.vkey()) return Error(key_invalid, seal->signer.vkey());
  return PackageTree{std::move(checkpoint), std::move(frontier), std::move(key)};
}

Result<PackageTree> tree_of(const Archive& archive, const PackageSeal* seal) {
  LUY_TRY(auto checkpoint, archive.newest_checkpoint());
  if (!checkpoint) return Error(store_empty, "checkpoint");
  return tree_at(archive, *std::move(checkpoint), seal);
}

// One that a witness cosigned, too, where it covers everything that was chosen.
Result<PackageTree> tree_for(const Archive& archive, const PackageTree& newest, const PackageChoice& choice,
                             const PackageSeal* seal) {
  if (choice.seqs.empty()) return newest;
  LUY_TRY(auto witnessed, witnessed_checkpoint(archive, choice.seqs.back()));
  if (!witnessed) return newest;
  return tree_at(archive, *std::move(witnessed), seal);
}

// `choice` holds covered records alone, in order; `out` what is known of the rest.
Result<PackageSummary> write_chosen(const Archive& archive, const PackageTree& newest, const PackageChoice& choice,
                                    const PackageSink& put, const PackageSeal* seal, PackageSummary out) {
  if (choice.seqs.empty() && out.uncovered > 0) return Error(not_covered, std::to_string(newest.checkpoint.size));
  if (choice.seqs.empty()) return Error(record_unknown, "–");
  LUY_TRY(const PackageTree tree, tree_for(archive, newest, choice, seal));
  const Checkpoint& checkpoint = tree.checkpoint;
  out.size = checkpoint.size;
  out.complete = choice.complete;
  PackageWriter files(put);
  std::string list;
  for (const std::uint64_t seq : choice.seqs) {
    LUY_TRY(const InclusionProof proof, archive.prove(seq, checkpoint, tree.frontier));
    LUY_TRY_VOID(files.put(leaf_name(seq), leaf_data(proof.record)));
    LUY_TRY_VOID(files.put(proof_name(seq), format_proof({seq, proof.path, checkpoint.note})));
    list += record_line(proof.record);
    ++out.records;
  }
  LUY_TRY_VOID(files.put(std::string(package_list), list));
  LUY_TRY_VOID(files.put(std::string(package_checkpoint), checkpoint.note));
  LUY_TRY_VOID(files.put(std::string(package_keys), tree.key.vkey() + "\n"));
  LUY_TRY_VOID(files.put("verify.sh", package_script()));
  LUY_TRY_VOID(files.put("DOC-TRUOC.txt", package_readme()));
  LUY_TRY(const Hash sums, files.finish());
  SignedNote manifest;
  if (seal != nullptr) {
    LUY_TRY(manifest, seal->signer.sign_statement(manifest_body(*seal, choice, out, sums)));
  }
  const std::string certificates = all_certificates(checkpoint.certificates, manifest.certificates);
  if (!certificates.empty()) LUY_TRY_VOID(put(std::string(package_certificates), certificates));
  if (seal != nullptr) LUY_TRY_VOID(put(std::string(package_manifest), manifest.note));
  return out;
}

Result<void> prepare(const fs::path& folder) {
  std::error_code error;
  if (fs::exists(folder, error) && !fs::is_empty(folder, error)) {
    return Error(file_failed, folder.string() + ": không trống / not empty");
  }
  LUY_TRY_VOID(make_folder(folder));
  return make_folder(folder / "records");
}

}  // namespace

Result<VerifierKey> root_of(const Archive& archive, const Checkpoint& checkpoint) {
  std::vector<VerifierKey> roots;
  for (const auto& day : archive.list()) {
    LUY_TRY(const Lease reader, Lease::take(archive, day));
    LUY_TRY(const auto own, reader->own_roots());
    roots.insert(roots.end(), own.begin(), own.end());
  }
  KeyRing ring(std::move(roots));
  ring.add(checkpoint.certificates);
  LUY_TRY(const KeyRing::Signer signer, ring.verify(checkpoint.note));
  return signer.root;
}

std::string all_certificates(const std::vector<std::string>& first, const std::vector<std::string>& second) {
  std::vector<std::string> out;
  for (const bool wanted : {true, false}) {
    for (const auto* list : {&first, &second}) {
      for (const std::string& one : *list) {
        const auto parsed = parse_certificate(one);
        const bool successor = parsed && parsed->kind == Certificate::Kind::successor;
        if (successor == wanted && std::ranges::find(out, one) == out.end()) out.push_back(one);
      }
    }
  }
  return join_certificates(out);
}

Result<PackageSummary> write_package(const Archive& archive, const Question& question, SearchQuery query,
                                     const PackageSink& put, const PackageSeal* seal) {
  if (query.limit > package_records_max) return Error(query_invalid, "10.000 bản ghi / records");
  LUY_TRY(const PackageTree tree, tree_of(archive, seal));
  PackageSummary out;
  PackageChoice choice{{}, query.from, query.until};
  LUY_TRY(const SearchStats stats, ask(archive, question, query, {}, [&](const Record& record) {
            if (record.seq >= tree.checkpoint.size) {
              ++out.uncovered;
              return Visit::skip;
            }
            choice.seqs.push_back(record.seq);
            return Visit::keep;
          }));
  std::ranges::sort(choice.seqs);
  choice.complete = stats.complete;
  out.damaged = stats.damaged.records;
  return write_chosen(archive, tree, choice, put, seal, out);
}

Result<PackageSummary> write_package(const Archive& archive, const PackageChoice& wanted, const PackageSink& put,
                                     const PackageSeal* seal) {
  if (wanted.seqs.size() > package_records_max) return Error(query_invalid, "10.000 bản ghi / records");
  LUY_TRY(const PackageTree tree, tree_of(archive, seal));
  PackageChoice choice = wanted;
  std::ranges::sort(choice.seqs);
  PackageSummary out;
  const auto uncovered = std::ranges::lower_bound(choice.seqs, tree.checkpoint.size);
  out.uncovered = static_cast<std::uint64_t>(choice.seqs.end() - uncovered);
  choice.seqs.erase(uncovered, choice.seqs.end());
  return write_chosen(archive, tree, choice, put, seal, out);
}

Result<PackageSummary> write_package(const Archive& archive, const Question& question, SearchQuery query,
                                     const fs::path& folder, const PackageSeal* seal) {
  bool is_ready = false;
  const PackageSink put = [&](const std::string& name, std::string_view bytes) -> Result<void> {
    if (!is_ready) LUY_TRY_VOID(prepare(folder));
    is_ready = true;
    return write_file_durably(folder / name, bytes, package_mode);
  };
  return write_package(archive, question, std::move(query), put, seal);
}

bool is_package(const fs::path& folder) {
  std::error_code error;
  return fs::is_regular_file(folder / package_checkpoint, error) && fs::is_directory(folder / "records", error);
}

}  // namespace luy::evidence
