#include "cli/copy_beside.h"

#include <algorithm>
#include <set>

#include "base/file.h"
#include "cli/command.h"
#include "cli/evidence_stamps.h"
#include "evidence/day_file.h"
#include "evidence/note_lines.h"
#include "evidence/witness_file.h"

namespace luy::cli {
namespace {

namespace fs = std::filesystem;

// Up to the empty line that ends it.
std::string_view text_of(std::string_view note) {
  return note.substr(0, note.find("\n\n"));
}

std::set<std::string> names_in(std::string_view note) {
  std::set<std::string> out;
  const auto parts = evidence::split_note(note);
  if (!parts) return out;
  std::string_view rest = parts->signatures;
  while (const auto line = evidence::take_note_line(rest)) {
    if (const auto signature = evidence::parse_signature_line(*line)) out.emplace(signature->name);
  }
  return out;
}

// Each cosigned note has to be a checkpoint of this file.
Result<void> check_notes(const fs::path& day_file, const std::vector<std::string>& notes) {
  LUY_TRY(const auto reader, evidence::DayReader::open(day_file, true));
  for (const std::string& note : notes) {
    LUY_TRY(const evidence::CheckpointBody body, evidence::parse_body(note));
    LUY_TRY(const auto stored, reader->notes_below(body.size + 1, 1));
    if (stored.empty() || stored.front().size != body.size || text_of(stored.front().text) != text_of(note)) {
      return Error(cosigned_elsewhere, std::to_string(body.size));
    }
  }
  return {};
}

void look_at_notes(const fs::path& day_file, const std::vector<evidence::WitnessKey>& witnesses, Beside& out) {
  const auto notes = evidence::read_cosigned(day_file);
  if (!notes) {
    out.fault = notes.error().text();
    return;
  }
  if (const auto checked = check_notes(day_file, *notes); !notes->empty() && !checked) {
    out.fault = checked.error().text();
    return;
  }
  std::set<std::string> known;
  std::set<std::string> others;
  for (const std::string& note : *notes) {
    others.merge(names_in(note));
    const auto body = evidence::parse_body(note);
    if (body) known.insert(body->origin);  // The log's own line.
  }
  std::vector<std::string> by;
  for (const evidence::WitnessKey& witness : witnesses) {
    bool found = false;
    for (const std::string& note : *notes) {
      const auto lines = evidence::verify_cosignatures(note, {witness});
      if (!lines) {
        out.fault = Error(cosigned_elsewhere, witness.name).text();
        return;
      }
      found = found || !lines->empty();
    }
    known.insert(witness.name);
    if (found) by.push_back(witness.name);
  }
  out.cosigned_by = std::move(by);
  std::ranges::set_difference(others, known, std::back_inserter(out.unchecked));
}

std::string joined(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ", ") + printable(name);
  return out;
}

}  // namespace

Beside look_beside(const fs::path& day_file, const std::vector<evidence::WitnessKey>& witnesses) {
  Beside out;
  look_at_notes(day_file, witnesses, out);
  std::error_code error;
  if (!fs::exists(evidence::stamp_path(day_file), error)) return out;
  const auto wrong = verify_stamps(day_file, {}, [&](const evidence::Finding& finding) {
    if (finding.is_fault && out.fault.empty()) out.fault = finding.error.text();
  });
  out.stamped = wrong && *wrong == 0;
  return out;
}

bool has_same_beside(const fs::path& day_file, const fs::path& copy) {
  for (const auto path_of : {evidence::cosigned_path, evidence::stamp_path}) {
    const auto own = read_file(path_of(day_file), evidence::cosigned_bytes_max);
    if (!own) continue;
    const auto there = read_file(path_of(copy), evidence::cosigned_bytes_max);
    if (!there || *there != *own) return false;
  }
  return true;
}

std::string beside_text(const Beside& found) {
  std::string out;
  if (!found.cosigned_by.empty()) out += "nhân chứng đã ký / cosigned by: " + joined(found.cosigned_by);
  if (!found.unchecked.empty()) {
    out += (out.empty() ? "" : "; ") + std::string("chữ ký chưa kiểm / not checked: ") + joined(found.unchecked);
  }
  if (found.stamped) out += (out.empty() ? "" : "; ") + std::string("có dấu thời gian / time-stamped");
  return out;
}

}  // namespace luy::cli
