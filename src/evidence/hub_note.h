// Records the hub itself puts into the evidence (transport 6, one JSON object): what is missing, what its clock did,
// what it deleted. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "evidence/day_file.h"
#include "evidence/senders.h"

namespace luy::evidence {

inline constexpr std::string_view store_source = "hub/evidence";

// "<agency>/<device>/hub" from any source of that device; "hub/<sender>" without one.
std::string note_source(std::string_view record_source, std::string_view sender);

std::string gap_note(const BatchKey& key, const NumberRange& missing);
std::string late_note(const BatchKey& key, Day missing_since);
// A number that was stored comes again with other content.
std::string conflict_note(const BatchKey& key);
std::string dropped_note(const BatchKey& key, std::uint64_t records);
// The wall clock reads earlier than a time of receipt already given.
std::string clock_note(Time wall, Time received);
// A person said that a clock far from `before`, the newest time of receipt, is right.
std::string clock_accepted_note(Time wall, std::optional<Time> before);
// The last record of a day: how many there were, and a digest over the table of coverage.
std::string day_end_note(Day day, std::uint64_t first_seq, std::uint64_t records,
                         const std::vector<CoverageRow>& coverage);
// Hex SHA-256 over "sender TAB records TAB missing TAB dropped TAB first TAB last LF" of each row, by sender.
std::string coverage_digest(const std::vector<CoverageRow>& coverage);
struct DeletedDay {
  Day day;
  std::uint64_t first_seq = 0;
  std::uint64_t records = 0;
  std::string sha256;
  // Of the tree at the day's end, hexadecimal: what its closing checkpoint signed. Empty when it cannot be computed.
  std::string root{};
};
std::string retention_note(const std::vector<DeletedDay>& days);
// That the content of records was removed, and why; several where one record would grow too long.
struct WithheldNote {
  Day day;
  std::string reason;
  std::string act;
  std::vector<std::string> by;
  std::string sha256;  // Of the file before.
  std::uint64_t size = 0;
  std::string root;  // Of the tree at the day's end.
};
inline constexpr std::size_t withheld_note_ranges_max = 20'000;
std::vector<std::string> withheld_notes(const WithheldNote& note, const std::vector<SeqRange>& ranges);
// The records a `withheld` record names; none for any other.
std::vector<SeqRange> parse_withheld_note(std::string_view raw);
// The days a `retention` record names; none for any other record or where it is not as retention_note() writes it.
std::vector<DeletedDay> parse_retention_note(std::string_view raw);

}  // namespace luy::evidence
