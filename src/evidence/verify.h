// Offline verification of day files: recomputes every leaf, every stored node, every index, checks every checkpoint,
// and fails on what is absent as much as on what is altered. Changes nothing.
//
// What a day file proves is: these records, in this order, with these sources and times of receipt, are the ones whose
// tree head was signed. What it cannot prove by itself is that the signing key was not misused: give `notes` that were
// kept elsewhere (a witness, a printed minute) for that.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "evidence/finding.h"
#include "evidence/note.h"

namespace luy::evidence {

struct Finding {
  Error error;  // A kind of finding.h; the detail names file and place.
  bool is_fault = true;
  std::filesystem::path file;
};

struct VerifyOptions {
  std::vector<VerifierKey> keys{};   // Trusted; when empty, the keys inside the files are used, and a remark says so.
  std::vector<std::string> notes{};  // Checkpoints kept elsewhere, as signed notes.
  Day today{};                       // A day from yesterday on may still be open in a folder.
  std::function<void(const Finding&)> report = [](const Finding&) {};
  std::stop_token stop{};  // Asked to stop, verification ends early, and its answer means nothing.
};

struct VerifySummary {
  std::size_t files = 0;
  std::uint64_t records = 0;
  std::uint64_t raw_bytes = 0;
  std::uint64_t checkpoints = 0;
  std::size_t faults = 0;
  std::uint64_t size = 0;  // Of the tree at the end, and its root.
  Hash root{};
};

// `path`: a day file, which must be closed, or a folder of them, whose newest may be open. Errors: file errors when
// there is nothing to verify; note_malformed when a note in the options is; everything else is reported.
Result<VerifySummary> verify_path(const std::filesystem::path& path, const VerifyOptions& options);

}  // namespace luy::evidence
