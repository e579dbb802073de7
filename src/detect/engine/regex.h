// One regular expression of a rule, searched in a value: Vectorscan, or RE2 where Vectorscan finds the expression too
// large or would take long to compile it. Neither backtracks. Immutable once made.
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
    if (!database_) make_stand_in();
  }

 private:
  void make_stand_in();

  std::string text_;
  bool cased_ = true;
  bool dot_all_ = false;
  bool multi_line_ = false;
  std::uint32_t bytes_min_ = 0;  // Of a text that can match.
  Database database_;
  std::unique_ptr<re2::RE2> stand_in_;
};

// Whether Vectorscan can take the expression, or else why not. Cheap unless RE2 cannot take it.
Result<void> check_regex(const Test& test);

}  // namespace luy::detect
