// Values of a day file's tables that have a form of their own.
#include <algorithm>
#include <charconv>

#include "base/encoding.h"
#include "evidence/day_file.h"
#include "evidence/error.h"

namespace luy::evidence {
namespace {

// Form 1 of the column was the ranges alone, whose first byte is 0: no spool ever counted to 2^56.
constexpr std::uint8_t spool_form = 2;

std::uint32_t days_of(Day day) {
  return static_cast<std::uint32_t>(day.time_since_epoch().count());
}

Day day_from(std::uint32_t days) {
  return Day(std::chrono::days(static_cast<std::int32_t>(days)));
}

NumberRange read_range(ByteReader& reader) {
  NumberRange range;
  range.first = reader.u64();
  range.last = reader.u64();
  return range;
}

}  // namespace

std::string encode_withheld(const DayMeta::Withheld& withheld) {
  std::string out = std::to_string(withheld.records);
  for (const std::uint64_t note : withheld.notes) out += ' ' + std::to_string(note);
  return out;
}

bool decode_withheld(std::string_view text, DayMeta::Withheld& out) {
  bool first = true;
  while (!text.empty()) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc()) return false;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (!text.empty() && (text.front() != ' ' || text.size() == 1)) return false;
    if (!text.empty()) text.remove_prefix(1);
    if (first) {
      out.records = number;
    } else {
      out.notes.push_back(number);
    }
    first = false;
  }
  return !first;
}

std::string encode_spool(const SpoolRow& row) {
  std::string out(1, static_cast<char>(spool_form));
  put_u16(out, static_cast<std::uint16_t>(row.missing.size()));
  for (const NumberRange& range : row.missing) {
    put_u64(out, range.first);
    put_u64(out, range.last);
    put_u32(out, days_of(range.day));
  }
  put_u16(out, static_cast<std::uint16_t>(row.digests.size()));
  for (const NumberedDigest& one : row.digests) {
    put_u64(out, one.number);
    out += as_text(one.digest);
  }
  put_u16(out, static_cast<std::uint16_t>(row.late.size()));
  for (const LateBatches& late : row.late) {
    put_u32(out, days_of(late.day));
    put_u32(out, late.count);
  }
  return out;
}

Result<void> decode_spool(std::string_view bytes, SpoolRow& row) {
  ByteReader reader(bytes);
  if (bytes.empty() || bytes.front() != static_cast<char>(spool_form)) {
    while (reader.ok() && !reader.rest().empty()) {
      row.missing.push_back(read_range(reader));
      row.missing.back().day = day_of(row.seen);
    }
  } else {
    static_cast<void>(reader.u8());
    for (std::size_t left = reader.u16(); left > 0 && reader.ok(); --left) {
      row.missing.push_back(read_range(reader));
      row.missing.back().day = day_from(reader.u32());
    }
    for (std::size_t left = reader.u16(); left > 0 && reader.ok(); --left) {
      NumberedDigest one;
      one.number = reader.u64();
      const std::string_view digest = reader.bytes(one.digest.size());
      if (reader.ok()) std::copy(digest.begin(), digest.end(), one.digest.begin());
      row.digests.push_back(one);
    }
    for (std::size_t left = reader.u16(); left > 0 && reader.ok(); --left) {
      const Day day = day_from(reader.u32());
      row.late.push_back({day, reader.u32()});
    }
  }
  bool good = reader.done();
  for (std::size_t i = 0; i < row.missing.size(); ++i) {
    good = good && row.missing[i].first <= row.missing[i].last;
    good = good && (i == 0 || row.missing[i].first > row.missing[i - 1].last);
  }
  if (!good) return Error(store_corrupt, "missing batch numbers");
  return {};
}

}  // namespace luy::evidence
