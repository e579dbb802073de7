// One regular expression of a rule, searched in a value by RE2, or by Vectorscan where RE2 cannot say the same (ADR
// 0095). Neither backtracks. Immutable once made.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "detect/engine/database.h"
#include "detect/rule.h"

namespace re2 {
class RE2;
}

namespace luy::detect {

class Regex {
 public:
  Regex();
  explicit Regex(const Test& test);  // Compiles.
  ~Regex();
  Regex(Regex&&) noexcept;

  // Searches. `text` is UTF-8. The scratch grows where it must.
  bool matches(std::string_view text, Scratch& scratch) const;
  void fit(Scratch& scratch) const { scratch.fit(database_); }

  // For the cache (archive.h).
  template <class Archive>
  void describe(Archive& archive) {
    archive.text(text_);
    archive.flag(cased_);
    archive.flag(dot_all_);
    archive.flag(multi_line_);
    archive.number(bytes_min_);
    archive.database(database_);
    if (!database_) make_searcher();
  }

 private:
  void make_searcher();

  std::string text_;
  bool cased_ = true;
  bool dot_all_ = false;
  bool multi_line_ = false;
  std::uint32_t bytes_min_ = 0;  // Of a text that can match.
  Database database_;
  std::unique_ptr<re2::RE2> searcher_;
};

// Whether Vectorscan can take the expression, or else why not. Cheap unless RE2 cannot take it.
Result<void> check_regex(const Test& test);

}  // namespace luy::detect
