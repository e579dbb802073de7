#include "detect/engine/regex_literal.h"

#include <algorithm>
#include <cctype>

#include "detect/fold.h"

namespace luy::detect {
namespace {

// Walks the outermost level of an expression and collects its plain runs; groups and classes are stepped over.
class Reader {
 public:
  explicit Reader(std::string_view regex) : rest_(regex) {}

  std::string read() {
    while (!rest_.empty() && !lost_) step();
    if (lost_) return {};
    end_run();
    return fold(longest_);
  }

 private:
  void step() {
    const char c = rest_.front();
    switch (c) {
      case '\\':
        return escape();
      case '[':
        end_run();
        return skip_class();
      case '(':
        end_run();
        return skip_group();
      case '|':
      case ')':
        lost_ = true;  // Alternatives: neither side is certain.
        return;
      case '*':
      case '?':
      case '{':
        drop_last();
        end_run();
        return skip_quantifier();
      case '+':
        end_run();
        return skip_quantifier();
      case '.':
      case '^':
      case '$':
        end_run();
        break;
      default:
        run_ += c;
    }
    rest_.remove_prefix(1);
  }

  void escape() {
    if (rest_.size() < 2) {
      lost_ = true;
      return;
    }
    const char c = rest_[1];
    constexpr std::string_view classes = "dDsSwWbBAzZhHvVRNnrtfae";
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) {
      run_ += c;
    } else if (classes.find(c) != std::string_view::npos) {
      end_run();
    } else {
      lost_ = true;  // \x41, \Q…\E, \1: not worth following.
    }
    rest_.remove_prefix(2);
  }

  // From '[' to behind its ']'.
  void skip_class() {
    std::size_t i = 1;
    if (i < rest_.size() && rest_[i] == '^') ++i;
    if (i < rest_.size() && rest_[i] == ']') ++i;
    while (i < rest_.size() && rest_[i] != ']') {
      if (rest_[i] == '\\') ++i;
      if (rest_[i] == '[' && i + 1 < rest_.size() && rest_[i + 1] == ':') lost_ = true;
      ++i;
    }
    rest_.remove_prefix(std::min(i + 1, rest_.size()));
  }

  // From '(' to behind its ')'.
  void skip_group() {
    if (rest_.starts_with("(?") && !rest_.starts_with("(?:")) lost_ = true;  // Flags may change what follows.
    std::size_t depth = 0;
    while (!rest_.empty()) {
      const char c = rest_.front();
      if (c == '[') {
        skip_class();
        continue;
      }
      rest_.remove_prefix(std::min<std::size_t>(c == '\\' ? 2 : 1, rest_.size()));
      if (c == '(') ++depth;
      if (c == ')' && --depth == 0) return;
    }
  }

  void skip_quantifier() {
    if (rest_.front() == '{') {
      const std::size_t end = rest_.find('}');
      const bool counts = end != std::string_view::npos &&
                          rest_.substr(1, end - 1).find_first_not_of("0123456789,") == std::string_view::npos;
      rest_.remove_prefix(counts ? end + 1 : 1);
    } else {
      rest_.remove_prefix(1);
    }
    // "+?" and "++": lazy and possessive.
    if (!rest_.empty() && (rest_.front() == '?' || rest_.front() == '+')) rest_.remove_prefix(1);
  }

  // What a quantifier may take away: the whole last character.
  void drop_last() {
    while (!run_.empty() && (static_cast<unsigned char>(run_.back()) & 0xC0U) == 0x80U) run_.pop_back();
    if (!run_.empty()) run_.pop_back();
  }
  void end_run() {
    if (run_.size() > longest_.size()) longest_ = run_;
    run_.clear();
  }

  std::string_view rest_;
  std::string run_;
  std::string longest_;
  bool lost_ = false;
};

}  // namespace

std::string required_literal(std::string_view regex) {
  return Reader(regex).read();
}

}  // namespace luy::detect
