// Offline verification of day files: recomputes every leaf, every stored node, every index, checks every checkpoint,
// and fails on what is absent as much as on what is altered. Changes nothing.
//
// Nothing is judged by the verifier's own clock. Of a folder only the newest day may be open, and the one before it may
// wait to be closed. What no checkpoint covers is counted apart; where it spans more than unsigned_span_max, or where
// there is no checkpoint at all, that is a fault. The oldest days may be absent only where a signed `retention` record
// names the last of them, and not one younger than the floor.
//
// What a day file proves is: these records, in this order, with these sources and times of receipt, are the ones whose
// tree head was signed. What it cannot prove by itself is that the signing key was not misused: give `notes` that were
// kept elsewhere (a witness, a printed minute) for that.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "evidence/cosignature.h"
#include "evidence/finding.h"
#include "evidence/note.h"

namespace luy::evidence {

struct Finding {
  Error error;  // A kind of finding.h; the detail names file and place.
  bool is_fault = true;
  std::filesystem::path file;
};

// The hub signs every 10 s while records come: what a crash leaves unsigned spans no more than this in time of receipt.
inline constexpr Duration unsigned_span_max = std::chrono::seconds(60);

struct VerifyOptions {
  std::vector<VerifierKey> keys{};   // Trusted roots; when empty, those inside the files are used, as a remark says.
  std::vector<std::string> notes{};  // Checkpoints kept elsewhere, as signed notes.
  // Who must have cosigned: at least one checkpoint each, and rightly each time (evidence/witness_file.h).
  std::vector<WitnessKey> witnesses{};
  // Of a folder these days only, because others were not copied; the first and the last must then be there.
  struct Range {
    Day first;
    Day last;
  };
  std::optional<Range> days{};
  // Of a package without a signed manifest: each record for itself, which says nothing about those taken out.
  bool each_record = false;
  std::function<void(const Finding&)> report = [](const Finding&) {};
  std::stop_token stop{};  // Asked to stop, verification ends early, and its answer means nothing.
};

struct VerifySummary {
  std::size_t files = 0;
  std::uint64_t records = 0;
  std::uint64_t unsigned_records = 0;  // Of these, the last ones, which no checkpoint covers.
  std::uint64_t raw_bytes = 0;
  std::uint64_t checkpoints = 0;
  std::size_t faults = 0;
  std::uint64_t cosigned = 0;  // Records that every one of the witnesses vouches for; 0 where none is given.
  std::uint64_t size = 0;      // Of the tree at the end, and its root.
  Hash root{};
};

// `path`: a day file, which must be closed, or a folder of them, whose newest may be open. Errors: file errors when
// there is nothing to verify; note_malformed when a note in the options is; everything else is reported.
Result<VerifySummary> verify_path(const std::filesystem::path& path, const VerifyOptions& options);

// Checkpoints kept elsewhere, by size, to be compared when the tree reaches it. Errors: note_malformed.
using ExpectedRoots = std::multimap<std::uint64_t, Hash>;
Result<ExpectedRoots> expected_roots(const VerifyOptions& options);
// With trusted keys one of them, or a key that they certify, must have signed each note kept elsewhere; without,
// whoever gives a note vouches for it. Errors: note_malformed, note_unverified.
Result<void> verify_expected(const VerifyOptions& options, const std::vector<std::string>& certificates);

}  // namespace luy::evidence
