#include "evidence/witness_file.h"

#include <algorithm>
#include <set>

#include "base/encoding.h"
#include "base/file.h"
#include "evidence/error.h"
#include "evidence/note.h"
#include "evidence/note_lines.h"
#include "evidence/signature.h"

namespace luy::evidence {
namespace {

constexpr std::string_view header = "luy-cosigned 1\n";
constexpr mode_t file_mode = 0640;
constexpr std::size_t time_bytes = 8;
constexpr std::uint64_t hour_seconds = 3600;

// By which keys a note is cosigned, and when at the latest; not verified.
struct Lines {
  std::set<std::pair<std::string, std::uint32_t>> keys;
  std::uint64_t hour = 0;
};

template <class Take>
void each_line(std::string_view note, const Take& take) {
  const auto parts = split_note(note);
  if (!parts) return;
  std::string_view rest = parts->signatures;
  while (const auto line = take_note_line(rest)) {
    if (const auto signature = parse_signature_line(*line)) take(*line, *signature);
  }
}

Lines lines_of(std::string_view note) {
  Lines out;
  each_line(note, [&](std::string_view, const SignatureLine& line) {
    if (line.signature.size() != time_bytes + ed25519_signature_bytes) return;
    out.keys.emplace(line.name, line.hash);
    ByteReader reader(line.signature);
    out.hour = std::max(out.hour, reader.u64() / hour_seconds);
  });
  return out;
}

std::string_view text_of(std::string_view note) {
  return note.substr(0, note.rfind("\n\n") + 1);
}

// `note` with the lines of `other` whose keys it does not have.
std::string joined(const std::string& note, const std::string& other) {
  std::set<std::pair<std::string, std::uint32_t>> known;
  each_line(note, [&](std::string_view, const SignatureLine& line) { known.emplace(line.name, line.hash); });
  std::string out = note;
  each_line(other, [&](std::string_view whole, const SignatureLine& line) {
    if (!known.contains({std::string(line.name), line.hash})) out += std::string(whole) + "\n";
  });
  return out;
}

}  // namespace

std::filesystem::path cosigned_path(const std::filesystem::path& day_file) {
  return day_file.string() + ".cosigned";
}

std::filesystem::path stamp_path(const std::filesystem::path& day_file) {
  return day_file.string() + ".tst";
}

std::string format_cosigned(const std::vector<std::string>& notes) {
  std::string out(header);
  for (const std::string& one : notes) out += one;
  return out;
}

Result<std::vector<std::string>> parse_cosigned(std::string_view text) {
  if (!text.starts_with(header)) return Error(note_malformed, "cosigned: header");
  text.remove_prefix(header.size());
  std::vector<std::string> out;
  while (!text.empty()) {
    // Text, an empty line, signatures: the next note begins with a line that is none.
    const std::size_t empty = text.find("\n\n");
    if (empty == std::string_view::npos) return Error(note_malformed, "cosigned: cut short");
    std::size_t end = empty + 2;
    while (text.substr(end).starts_with(note_signature_prefix)) {
      const std::size_t line = text.find('\n', end);
      if (line == std::string_view::npos) return Error(note_malformed, "cosigned: cut short");
      end = line + 1;
    }
    const std::string_view note = text.substr(0, end);
    LUY_TRY_VOID(parse_body(note));
    LUY_TRY_VOID(split_note(note));
    out.emplace_back(note);
    text.remove_prefix(end);
  }
  return out;
}

std::vector<std::string> with_cosigned(std::vector<std::string> notes, const std::string& note) {
  std::string added = note;
  const std::uint64_t hour = lines_of(note).hour;
  std::erase_if(notes, [&](const std::string& one) {
    const bool same = text_of(one) == text_of(note) && lines_of(one).hour == hour;
    if (same) added = joined(added, one);
    return same;
  });
  const Lines lines = lines_of(added);
  std::erase_if(notes, [&](const std::string& one) {
    const Lines before = lines_of(one);
    return before.hour == lines.hour && std::ranges::includes(lines.keys, before.keys);
  });
  notes.push_back(std::move(added));
  return notes;
}

Result<std::vector<std::string>> read_cosigned(const std::filesystem::path& day_file) {
  const auto text = read_file(cosigned_path(day_file), cosigned_bytes_max);
  if (!text && text.error().is(file_not_found)) return std::vector<std::string>();
  if (!text) return text.error();
  auto notes = parse_cosigned(*text);
  if (!notes) return Error(note_malformed, cosigned_path(day_file).filename().string());
  return notes;
}

Result<void> keep_cosigned(const Archive& archive, std::uint64_t size, const std::string& note) {
  for (const auto& day : archive.list()) {
    if (day->first_seq >= size || day->end_seq < size) continue;
    LUY_TRY(auto notes, read_cosigned(day->file));
    return write_file_durably(cosigned_path(day->file), format_cosigned(with_cosigned(std::move(notes), note)),
                              file_mode);
  }
  return Error(record_unknown, std::to_string(size));
}

Result<std::optional<std::string>> newest_cosigned(const Archive& archive) {
  const auto days = archive.list();
  for (auto day = days.rbegin(); day != days.rend(); ++day) {
    LUY_TRY(const auto notes, read_cosigned((*day)->file));
    const auto newest = std::ranges::max_element(notes, {}, [](const std::string& one) {
      const auto body = parse_body(one);
      return body ? body->size : 0;
    });
    if (newest != notes.end()) return std::optional(*newest);
  }
  return std::optional<std::string>();
}

Result<std::optional<Checkpoint>> witnessed_checkpoint(const Archive& archive, std::uint64_t seq) {
  LUY_TRY(const auto note, newest_cosigned(archive));
  if (!note) return std::optional<Checkpoint>();
  LUY_TRY(const CheckpointBody body, parse_body(*note));
  if (body.size <= seq) return std::optional<Checkpoint>();
  LUY_TRY(const auto stored, archive.checkpoints(body.size + 1, 1));
  // What was put beside the days and is no checkpoint of theirs is found by verification.
  if (stored.empty() || text_of(stored.front().checkpoint.note) != text_of(*note)) return std::optional<Checkpoint>();
  Checkpoint out = stored.front().checkpoint;
  out.note = *note;
  return std::optional(std::move(out));
}

}  // namespace luy::evidence
