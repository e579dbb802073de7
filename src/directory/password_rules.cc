// What makes a password easy to guess: a word of the list below, or one of those known at build, with digits and signs
// around it or letters replaced, a repetition, a run of the keyboard or the alphabet, digits alone (birthdays,
// telephone numbers).
#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <vector>

#include "base/utf8.h"
#include "base/vietnamese.h"
#include "directory/password.h"
#include "directory/stored/common_password.h"

namespace luy::directory {
namespace {

// Folded: lower case, no diacritics, letters only. The first words of every published list of leaked passwords, and
// what Vietnamese offices add to them.
constexpr std::array<std::string_view, 74> common_words = {
    "password",       "passwd",     "pass",        "admin",          "administrator", "root",       "user",
    "guest",          "test",       "demo",        "welcome",        "letmein",       "login",      "secret",
    "changeme",       "default",    "master",      "server",         "qwerty",        "qwertyuiop", "asdfgh",
    "asdfghjkl",      "zxcvbn",     "zxcvbnm",     "iloveyou",       "monkey",        "dragon",     "sunshine",
    "princess",       "football",   "baseball",    "superman",       "batman",        "trustno",    "computer",
    "internet",       "google",     "facebook",    "microsoft",      "windows",       "matkhau",    "matkhaumoi",
    "matkhaumacdinh", "quantri",    "quantrivien", "quantrihethong", "nguoidung",     "taikhoan",   "dangnhap",
    "anhyeuem",       "emyeuanh",   "yeuem",       "yeuanh",         "toiyeuban",     "concacon",   "khongbiet",
    "khongcomatkhau", "vietnam",    "hanoi",       "saigon",         "hochiminh",     "thanhhoa",   "bimson",
    "thixabimson",    "ubndbimson", "ubnd",        "ubndthixa",      "uybannhandan",  "vanphong",   "congan",
    "giadinh",        "hanhphuc",   "nguyenvan",   "nguyenthi"};

constexpr std::array<std::string_view, 6> runs = {"abcdefghijklmnopqrstuvwxyz", "01234567890123456789",
                                                  "qwertyuiopasdfghjklzxcvbnm", "qazwsxedcrfvtgbyhnujmikolp",
                                                  "1q2w3e4r5t6y7u8i9o0p",       "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p"};

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80;
}

std::size_t characters_of(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80; }));
}

// How many of: small letters, capitals, digits, signs. A letter with marks counts as a small one.
std::size_t classes_of(std::string_view text) {
  bool small = false;
  bool capital = false;
  bool digit = false;
  bool sign = false;
  for (const char c : text) {
    if (is_letter(c)) {
      small = true;
    } else if (c >= 'A' && c <= 'Z') {
      capital = true;
    } else if (c >= '0' && c <= '9') {
      digit = true;
    } else {
      sign = true;
    }
  }
  return static_cast<std::size_t>(small) + static_cast<std::size_t>(capital) + static_cast<std::size_t>(digit) +
         static_cast<std::size_t>(sign);
}

// "p@ssw0rd" → "password".
char plain_letter(char c) {
  constexpr std::string_view signs = "0134578@$!|";
  constexpr std::string_view letters = "oieastbasii";
  const std::size_t at = signs.find(c);
  return at == std::string_view::npos ? c : letters[at];
}

// What is left between leading and trailing digits and signs, as letters.
std::string core_of(std::string_view folded) {
  // A sign such as '@' may stand for a letter, but at the ends it is decoration.
  const auto first = std::find_if(folded.begin(), folded.end(), is_letter);
  const auto last = std::find_if(folded.rbegin(), folded.rend(), is_letter).base();
  std::string out;
  for (auto at = first; at < last; ++at) {
    if (const char c = plain_letter(*at); is_letter(c)) out += c;
  }
  return out;
}

// One of the list, or several of them one after another.
bool all_common_words(std::string_view text) {
  std::vector<bool> reached(text.size() + 1, false);
  reached[0] = true;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (!reached[at]) continue;
    for (const std::string_view word : common_words) {
      if (text.substr(at).starts_with(word)) reached[at + word.size()] = true;
    }
  }
  return reached[text.size()];
}

bool is_run(std::string_view folded) {
  std::string backwards(folded.rbegin(), folded.rend());
  return std::any_of(runs.begin(), runs.end(), [&](std::string_view run) {
    return run.find(folded) != std::string_view::npos || run.find(backwards) != std::string_view::npos;
  });
}

// "abcabcabcabc": a piece of at most half the length, again and again.
bool is_repetition(std::string_view text) {
  for (std::size_t piece = 1; piece <= text.size() / 2; ++piece) {
    bool same = true;
    for (std::size_t at = piece; same && at < text.size(); ++at) same = text[at] == text[at - piece];
    if (same) return true;
  }
  return false;
}

// A quarter of a megabyte is read through in microseconds, and only when a password is chosen.
bool is_listed(const std::string& folded) {
  return !folded.empty() && common_passwords_text().find("\n" + folded + "\n") != std::string_view::npos;
}

bool is_common(const std::string& folded) {
  constexpr std::size_t distinct_min = 5;
  if (std::set<char>(folded.begin(), folded.end()).size() < distinct_min) return true;
  if (is_run(folded) || is_repetition(folded)) return true;
  std::string letters_and_digits;
  for (const char c : folded) {
    if (is_letter(c) || (c >= '0' && c <= '9')) letters_and_digits += c;
  }
  if (is_run(letters_and_digits) || is_repetition(letters_and_digits)) return true;
  const std::string core = core_of(folded);
  // Whole only: a sentence of several words of that list is what we ask for.
  if (is_listed(folded) || is_listed(letters_and_digits) || is_listed(core)) return true;
  // Also true when nothing is left: digits and signs alone.
  return all_common_words(core) || all_common_words(core_of(letters_and_digits));
}

}  // namespace

Result<void> check_new_password(std::string_view password, std::string_view username) {
  return check_new_password(password, username, password_policy_asvs, false);
}

Result<void> check_new_password(std::string_view password, std::string_view username, const PasswordPolicy& policy,
                                bool second_factor) {
  const bool control = std::any_of(password.begin(), password.end(),
                                   [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
  if (control || !is_utf8(password)) return Error(password_bad_text);
  const std::size_t characters = characters_of(password);
  const std::size_t least = second_factor ? policy.characters_min_with_factor : policy.characters_min;
  if (characters < least) {
    return least == password_characters_min ? Error(password_too_short)
                                            : Error(password_shorter_than, std::to_string(least));
  }
  if (!second_factor && classes_of(password) < policy.classes_min) return Error(password_too_plain);
  if (characters > password_characters_max) return Error(password_too_long);
  const std::string folded = fold_vietnamese(password);
  // A name of one or two letters is in every second sentence.
  constexpr std::size_t username_counted_min = 3;
  if (username.size() >= username_counted_min && folded.find(fold_vietnamese(username)) != std::string::npos) {
    return Error(password_has_username);
  }
  if (is_common(folded)) return Error(password_common);
  return {};
}

}  // namespace luy::directory
