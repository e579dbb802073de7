#include "agent/linux/update_files.h"

#include <array>
#include <map>
#include <span>

#include "agent/linux/text.h"
#include "base/utf8.h"

namespace luy::agent {
namespace {

constexpr std::string_view state_heading = "luy-release-state 1";
constexpr std::string_view journal_heading = "luy-release-journal 1";
constexpr std::array<std::string_view, 3> phase_names = {"installing", "watching", "rolling_back"};
constexpr std::array<std::string_view, 6> results = {"installing", "installed", "rolled_back",
                                                     "refused",    "waiting",   "failed"};

std::string one_line(std::string_view text) {
  std::string_view cut = text.substr(0, update_why_bytes_max);
  while (!cut.empty() && !is_utf8(cut)) cut.remove_suffix(1);
  std::string out;
  for (const char c : cut) out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  return std::string(trim(out));
}

using Fields = std::map<std::string, std::string, std::less<>>;

std::string line(std::string_view name, std::string_view value) {
  return std::string(name) + ' ' + one_line(value) + '\n';
}

// "name value" a line, after the heading; nullopt without it.
std::optional<Fields> fields_of(std::string_view text, std::string_view heading) {
  const auto all = lines(text);
  if (all.empty() || all.front() != heading) return std::nullopt;
  Fields out;
  for (const std::string_view one : std::span(all).subspan(1)) {
    const std::size_t blank = one.find(' ');
    if (blank == std::string_view::npos) continue;
    out[std::string(one.substr(0, blank))] = std::string(one.substr(blank + 1));
  }
  return out;
}

}  // namespace

std::string to_text(const UpdateState& state) {
  return std::string(state_heading) + '\n' + line("of", state.of) + line("at", to_rfc3339(state.at)) +
         line("result", state.result) + line("from", state.from) + line("to", state.to) + line("code", state.code) +
         line("why", state.why) + "end .\n";
}

std::optional<UpdateState> read_update_state(std::string_view text) {
  auto fields = fields_of(text, state_heading);
  if (!fields || !fields->contains("end")) return std::nullopt;
  const auto at = from_rfc3339((*fields)["at"]);
  bool known = false;
  for (const std::string_view one : results) known = known || one == (*fields)["result"];
  if (!at || !known) return std::nullopt;
  return UpdateState{(*fields)["of"], *at, (*fields)["result"], (*fields)["from"], (*fields)["to"], (*fields)["code"],
                     (*fields)["why"]};
}

std::string to_text(const UpdateJournal& journal) {
  return std::string(journal_heading) + '\n' + line("of", journal.of) + line("from", journal.from) +
         line("to", journal.to) + line("phase", phase_names[static_cast<std::size_t>(journal.phase)]) +
         line("starts", std::to_string(journal.starts)) + line("code", journal.code) + line("why", journal.why) +
         line("patience", std::to_string(journal.patience_seconds)) + "end .\n";
}

std::optional<UpdateJournal> read_update_journal(std::string_view text) {
  auto fields = fields_of(text, journal_heading);
  if (!fields || !fields->contains("end")) return std::nullopt;
  const auto starts = number((*fields)["starts"]);
  const auto patience = number((*fields)["patience"]);
  if (!starts || !patience) return std::nullopt;
  UpdateJournal out{(*fields)["of"], (*fields)["from"], (*fields)["to"],  UpdateJournal::Phase::installing,
                    *starts,         (*fields)["code"], (*fields)["why"], *patience};
  for (std::size_t i = 0; i < phase_names.size(); ++i) {
    if (phase_names[i] != (*fields)["phase"]) continue;
    out.phase = static_cast<UpdateJournal::Phase>(i);
    return out;
  }
  return std::nullopt;
}

}  // namespace luy::agent
