#include "evidence/hub_note.h"

#include <algorithm>
#include <boost/json.hpp>

#include "base/encoding.h"
#include "base/hash.h"

namespace luy::evidence {
namespace json = boost::json;
namespace {

std::string hex(std::uint64_t value) {
  std::string bytes;
  put_u64(bytes, value);
  return to_hex(as_bytes(bytes));
}

}  // namespace

std::string note_source(std::string_view record_source, std::string_view sender) {
  const std::size_t agency = record_source.find('/');
  const std::size_t device = agency == std::string_view::npos ? agency : record_source.find('/', agency + 1);
  if (device == std::string_view::npos) return "hub/" + std::string(sender);
  return std::string(record_source.substr(0, device)) + "/hub";
}

std::string gap_note(const BatchKey& key, const NumberRange& missing) {
  return json::serialize(json::object{{"note", "gap"},
                                      {"sender", key.sender},
                                      {"spool", hex(key.spool_id)},
                                      {"first_missing", missing.first},
                                      {"last_missing", missing.last}});
}

std::string late_note(const BatchKey& key, Day missing_since) {
  return json::serialize(json::object{{"note", "late"},
                                      {"sender", key.sender},
                                      {"spool", hex(key.spool_id)},
                                      {"number", key.number},
                                      {"missing_since", to_iso(missing_since)}});
}

std::string conflict_note(const BatchKey& key) {
  return json::serialize(
      json::object{{"note", "conflict"}, {"sender", key.sender}, {"spool", hex(key.spool_id)}, {"number", key.number}});
}

std::string dropped_note(const BatchKey& key, std::uint64_t records) {
  return json::serialize(json::object{{"note", "dropped"},
                                      {"sender", key.sender},
                                      {"spool", hex(key.spool_id)},
                                      {"before_number", key.number},
                                      {"records", records}});
}

std::string clock_note(Time wall, Time received) {
  return json::serialize(
      json::object{{"note", "clock_behind"}, {"clock", to_rfc3339(wall)}, {"received", to_rfc3339(received)}});
}

std::string clock_accepted_note(Time wall, std::optional<Time> before) {
  json::object note{{"note", "clock_accepted"}, {"clock", to_rfc3339(wall)}};
  if (before) note["before"] = to_rfc3339(*before);
  return json::serialize(note);
}

std::string coverage_digest(const std::vector<CoverageRow>& coverage) {
  std::string text;
  for (const CoverageRow& row : coverage) {
    text += row.sender;
    for (const std::int64_t number :
         {static_cast<std::int64_t>(row.records), static_cast<std::int64_t>(row.missing_batches),
          static_cast<std::int64_t>(row.dropped_records), to_micros(row.first), to_micros(row.last)}) {
      text += '\t' + std::to_string(number);
    }
    text += '\n';
  }
  return to_hex(sha256(text));
}

std::string day_end_note(Day day, std::uint64_t first_seq, std::uint64_t records,
                         const std::vector<CoverageRow>& coverage) {
  return json::serialize(json::object{{"note", "day_end"},
                                      {"day", to_iso(day)},
                                      {"first_seq", first_seq},
                                      {"records", records},
                                      {"senders", coverage.size()},
                                      {"coverage_sha256", coverage_digest(coverage)}});
}

std::string retention_note(const std::vector<DeletedDay>& days) {
  json::array list;
  for (const DeletedDay& day : days) {
    list.push_back(json::object{{"day", to_iso(day.day)},
                                {"first_seq", day.first_seq},
                                {"records", day.records},
                                {"sha256", day.sha256},
                                {"root", day.root}});
  }
  return json::serialize(json::object{{"note", "retention"}, {"deleted", std::move(list)}});
}

std::vector<std::string> withheld_notes(const WithheldNote& note, const std::vector<SeqRange>& ranges) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < ranges.size(); at += withheld_note_ranges_max) {
    json::array list;
    std::uint64_t records = 0;
    for (std::size_t i = at; i < std::min(at + withheld_note_ranges_max, ranges.size()); ++i) {
      list.push_back(json::array{ranges[i].first, ranges[i].count});
      records += ranges[i].count;
    }
    out.push_back(json::serialize(json::object{{"note", "withheld"},
                                               {"day", to_iso(note.day)},
                                               {"records", records},
                                               {"ranges", std::move(list)},
                                               {"reason", note.reason},
                                               {"act", note.act},
                                               {"by", json::array(note.by.begin(), note.by.end())},
                                               {"sha256", note.sha256},
                                               {"size", note.size},
                                               {"root", note.root}}));
  }
  return out;
}

std::vector<SeqRange> parse_withheld_note(std::string_view raw) {
  std::vector<SeqRange> out;
  if (!raw.starts_with(R"({"note":"withheld",)")) return out;
  boost::system::error_code error;
  const json::value parsed = json::parse(raw, error);
  const json::object* note = error ? nullptr : parsed.if_object();
  const json::value* list = note == nullptr ? nullptr : note->if_contains("ranges");
  const json::array* rows = list == nullptr ? nullptr : list->if_array();
  if (rows == nullptr) return out;
  for (const json::value& row : *rows) {
    const json::array* one = row.if_array();
    if (one == nullptr || one->size() != 2) return {};
    const std::int64_t* first = (*one)[0].if_int64();
    const std::int64_t* count = (*one)[1].if_int64();
    if (first == nullptr || count == nullptr || *first < 0 || *count <= 0) return {};
    out.push_back({static_cast<std::uint64_t>(*first), static_cast<std::uint64_t>(*count)});
  }
  return out;
}

std::vector<DeletedDay> parse_retention_note(std::string_view raw) {
  std::vector<DeletedDay> out;
  // Most of the hub's records are others, and are told apart without reading them.
  if (!raw.starts_with(R"({"note":"retention",)")) return out;
  boost::system::error_code error;
  const json::value parsed = json::parse(raw, error);
  const json::object* note = error ? nullptr : parsed.if_object();
  const json::value* list = note == nullptr ? nullptr : note->if_contains("deleted");
  const json::array* rows = list == nullptr ? nullptr : list->if_array();
  if (rows == nullptr) return out;
  for (const json::value& row : *rows) {
    const json::object* one = row.if_object();
    const json::value* day = one == nullptr ? nullptr : one->if_contains("day");
    const json::value* first = one == nullptr ? nullptr : one->if_contains("first_seq");
    const json::value* records = one == nullptr ? nullptr : one->if_contains("records");
    if (day == nullptr || first == nullptr || records == nullptr) return {};
    const json::string* text = day->if_string();
    const auto parsed_day = text == nullptr ? std::nullopt : day_from_iso(std::string_view(text->data(), text->size()));
    const std::int64_t* from = first->if_int64();
    const std::int64_t* count = records->if_int64();
    if (!parsed_day || from == nullptr || count == nullptr || *from < 0 || *count < 0) return {};
    out.push_back({*parsed_day, static_cast<std::uint64_t>(*from), static_cast<std::uint64_t>(*count), {}});
  }
  return out;
}

}  // namespace luy::evidence
