// Indicators: addresses, names and hashes that others met in attacks. Plain values and how they are written.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace luy::indicator {

inline constexpr ErrorKind list_malformed{
    "indicator.list_malformed", ErrorClass::invalid,
    "Danh sách dấu hiệu không đúng khuôn dạng: {}. Hãy chọn đúng loại tệp (STIX 2.1, MISP hoặc CSV có dòng tiêu đề).",
    "The list of indicators is malformed: {}. Choose the right format (STIX 2.1, MISP, or CSV with a header)."};
inline constexpr ErrorKind list_too_large{"indicator.list_too_large", ErrorClass::too_large,
                                          "Danh sách dấu hiệu vượt giới hạn: {}.",
                                          "The list of indicators exceeds a limit: {}."};

inline constexpr std::size_t list_bytes_max = 32 << 20;
inline constexpr std::size_t list_indicators_max = 200'000;
inline constexpr std::size_t refused_max = 1'000;  // Listed; the rest is counted.
inline constexpr std::size_t value_bytes_max = 2'048;
inline constexpr std::size_t note_bytes_max = 500;
inline constexpr std::size_t json_depth_max = 32;

enum class Type : std::uint8_t { address, domain, url, hash, email };
inline constexpr std::size_t type_count = 5;
std::string_view name_of(Type type);
std::optional<Type> type_from_name(std::string_view name);

// One thing to look for, in the form in which it is compared.
struct Atom {
  Type type = Type::domain;
  std::string value;  // Lower case; "192.0.2.0/24" for a range; a URL without its fragment.
  bool operator==(const Atom&) const = default;
};
// nullopt when `text` is no such thing, or one that would match everywhere: a range wider than /8 (/24 in IPv6), an
// address of no single machine, a name without a dot.
std::optional<Atom> make_atom(Type type, std::string_view text);

struct Indicator {
  Atom atom;
  std::vector<Atom> also;  // Must be in the same event, too.
  std::string note;        // As the source words it.
  std::optional<Time> valid_until;
};

enum class Format : std::uint8_t { stix, misp, csv };
std::string_view name_of(Format format);
std::optional<Format> format_from_name(std::string_view name);

// What of a list cannot be used, and why.
struct Refused {
  std::string what;
  std::string vi;
  std::string en;
};

struct Imported {
  std::vector<Indicator> indicators;
  std::vector<Refused> refused;
  std::size_t refused_count = 0;
};

// Errors: list_malformed, list_too_large.
Result<Imported> read_list(Format format, std::string_view bytes);

}  // namespace luy::indicator
