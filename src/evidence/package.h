// An evidence package: chosen records, each with its proof, that a court, the police or another office can verify with
// sh, openssl, sha256sum and coreutils alone. docs/format/package.md describes it file by file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "evidence/archive.h"
#include "evidence/query.h"
#include "evidence/question.h"
#include "evidence/verify.h"

namespace luy::evidence {

inline constexpr std::size_t package_records_max = 10'000;

struct PackageSummary {
  std::uint64_t records = 0;
  std::uint64_t uncovered = 0;  // Answers that no checkpoint covers yet; left out.
  bool complete = true;         // False when there are more answers than the query's limit.
  std::uint64_t size = 0;       // Of the signed tree the proofs lead to.
  std::uint64_t damaged = 0;    // Records that cannot be read, hence could not be looked at.
};

// Signs which records belong to the package. Without it each record is proved, but nobody can tell whether others were
// taken out; a verifier refuses such a package unless asked to look at each record for itself.
struct PackageSeal {
  NoteSigner& signer;  // Of the store's key (NoteSigner::vkey()); called once.
  Time made;
  std::string question{};  // As it was asked, for whoever reads the manifest.
};

// Takes the package file by file, each once; SHA256SUMS and then the manifest last, for without them nothing is a
// package.
using PackageSink = std::function<Result<void>(const std::string& name, std::string_view bytes)>;
// Gives the answers to `question` to `put`. query.limit: at most package_records_max. Errors: store_empty (no
// checkpoint), record_unknown (no answer), not_covered (no answer yet that a checkpoint covers), store_corrupt, those
// of `put`; nothing was put after the first three.
Result<PackageSummary> write_package(const Archive& archive, const Question& question, SearchQuery query,
                                     const PackageSink& put, const PackageSeal* seal = nullptr);
// Writes the answers to `question` into `folder`, which must not exist or be empty. query.limit: at most
// package_records_max. Errors: those above, file_failed (the folder holds something), file errors; after an error the
// folder holds no SHA256SUMS.
Result<PackageSummary> write_package(const Archive& archive, const Question& question, SearchQuery query,
                                     const std::filesystem::path& folder, const PackageSeal* seal = nullptr);

// Of records that were chosen elsewhere, each once in any order; those that the newest checkpoint does not cover are
// left out and counted. What else the choice says goes into the manifest. Errors: those above; record_unknown also for
// a seq that the archive does not hold.
struct PackageChoice {
  std::vector<std::uint64_t> seqs;
  std::optional<Time> from{};
  std::optional<Time> until{};
  bool complete = true;
};
Result<PackageSummary> write_package(const Archive& archive, const PackageChoice& choice, const PackageSink& put,
                                     const PackageSeal* seal = nullptr);

bool is_package(const std::filesystem::path& folder);
// As verify.sh does: only plain files of the names a package has, every one against SHA256SUMS, none absent, none
// besides; the signatures of checkpoint and manifest; each record's path to the root; records.tsv made anew from the
// records. `options.notes` are compared with the checkpoint where they are of its size. Errors: note_malformed and
// note_unverified of these; everything else is reported.
Result<VerifySummary> verify_package(const std::filesystem::path& folder, const VerifyOptions& options);

// What lies in every package.
std::string_view package_script();  // verify.sh
std::string_view package_readme();  // DOC-TRUOC.txt

}  // namespace luy::evidence
