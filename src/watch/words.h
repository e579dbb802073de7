// Words that stand on defaced pages, as data: src/watch/defacement.yml. Pure.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace luy::watch {

inline constexpr ErrorKind words_invalid{"watch.words_invalid", ErrorClass::invalid,
                                         "Danh sách từ ngữ phá hoại không hợp lệ: {}. Hãy sửa tệp YAML.",
                                         "The list of defacement words is not valid: {}. Put the YAML file right."};

inline constexpr std::size_t words_bytes_max = 256 << 10;
inline constexpr std::size_t words_max = 2'000;
inline constexpr std::size_t weak_needed = 2;

// Lower case without diacritics, everything but letters and digits one blank, a blank at both ends: " hacked by x ".
std::string spoken(std::string_view text);

class Words {
 public:
  // Errors: words_invalid.
  static Result<Words> parse(const std::string& yaml);
  // The list that is built in; a broken one is a bug of this repository and aborts.
  static Words builtin();

  struct Found {
    std::set<std::string> strong;
    std::set<std::string> weak;
    // Without those that `known` holds, too.
    Found without(const Found& known) const;
    bool alarming() const { return !strong.empty() || weak.size() >= weak_needed; }
    std::vector<std::string> all() const;
    bool operator==(const Found&) const = default;
  };
  // Adds what `text`, already spoken(), holds.
  void find(std::string_view text, Found& found) const;

 private:
  std::vector<std::string> strong_;
  std::vector<std::string> weak_;
};

std::string_view builtin_words_text();

}  // namespace luy::watch
