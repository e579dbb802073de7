// Text that people write into the registers: one line, without control characters, of bounded size, and never a
// password. Pure.
#pragma once

#include <boost/json.hpp>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"

namespace luy::premises {

inline constexpr ErrorKind text_invalid{"premises.text_invalid", ErrorClass::invalid, "Nội dung không hợp lệ: {}.",
                                        "The text is not valid: {}."};
inline constexpr ErrorKind holds_secret{
    "premises.holds_secret", ErrorClass::invalid,
    "Ô “{}” có vẻ chứa mật khẩu hoặc mã bí mật. Lũy không lưu mật khẩu ở bất kỳ đâu; hãy bỏ phần đó đi, và nếu đó là "
    "mật khẩu thật thì đổi lại.",
    "The field {} seems to hold a password or another secret. Lũy keeps none of them anywhere: take it out, and if it "
    "was a real one, change it."};

inline constexpr std::size_t name_bytes_max = 400;   // 100 characters.
inline constexpr std::size_t note_bytes_max = 4000;  // 1000 characters.

// How much of what a field holds looks like a password.
enum class Suspect {
  words,  // "mật khẩu: …", "password=…", and text of letters, digits and signs that no model number has.
  mixed,  // Also a word of 8 characters and more of small letters, capitals and digits: notes have no such words.
};
// Whether `text` seems to hold a secret. Guesses: a password of plain words is not told from words.
bool seems_secret(std::string_view text, Suspect suspect);

// `text` with control characters as blanks and without blanks at its ends. Errors: text_invalid naming `field` when
// nothing is left (unless it may be empty), when it is no UTF-8, or above `bytes_max`; holds_secret.
struct TextRule {
  std::string_view field;
  std::size_t bytes_max = name_bytes_max;
  bool may_be_empty = true;
  Suspect suspect = Suspect::words;
};
Result<std::string> clean_text(std::string_view text, const TextRule& rule);

// "192.0.2.1" or "2001:db8::1", as the system writes it. nullopt: none.
std::optional<std::string> plain_address(std::string_view text);
// Six bytes with ":", "-", "." or nothing between them, as "02:00:00:00:00:0a". nullopt: none.
std::optional<std::string> plain_mac(std::string_view text);

boost::json::value time_json(const std::optional<Time>& time);
boost::json::value day_json(const std::optional<Day>& day);
std::string text_at(const boost::json::object& object, std::string_view key);     // "" when missing or null.
std::int64_t number_at(const boost::json::object& object, std::string_view key);  // 0 when missing.
// Of the contract, which has checked its shape. Errors: text_invalid, for a day that is not in the calendar.
Result<std::optional<Day>> day_at(const boost::json::object& object, std::string_view key);

}  // namespace luy::premises
