// One regular expression of a rule, compiled when first asked: compiling all of SigmaHQ's takes seconds and few are
// ever needed. Thread-safe.
#pragma once

#include <memory>
#include <mutex>
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
  explicit Regex(const Test& test);
  ~Regex();

  // Searches. `text` is UTF-8. The scratch grows where it must.
  bool matches(std::string_view text, Scratch& scratch) const;

 private:
  void compile() const;

  std::string text_;
  bool cased_;
  bool dot_all_;
  bool multi_line_;
  mutable std::once_flag once_;
  mutable Database database_;
  // Stands in where Vectorscan finds an expression too large.
  mutable std::unique_ptr<re2::RE2> stand_in_;
};

// Whether Vectorscan can take the expression, or else why not. Cheap unless RE2 cannot take it.
Result<void> check_regex(const Test& test);

}  // namespace luy::detect
