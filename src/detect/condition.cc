#include "detect/condition.h"

#include <cctype>

#include "detect/error.h"
#include "detect/fold.h"

namespace luy::detect {
namespace {

bool is_name(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return std::isalnum(byte) != 0 || c == '_' || c == '-' || c == '.' || c == '*' || c == '?' || byte >= 0x80;
}

Result<std::vector<std::string>> tokens_of(std::string_view text, std::string_view where) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    if (std::isspace(static_cast<unsigned char>(c)) != 0) {
      ++i;
    } else if (c == '(' || c == ')') {
      out.emplace_back(1, c);
      ++i;
    } else if (is_name(c)) {
      const std::size_t begin = i;
      while (i < text.size() && is_name(text[i])) ++i;
      out.emplace_back(text.substr(begin, i - begin));
    } else if (c == '|') {
      return Error(bad_condition, std::string(where) + ": '|': correlation");
    } else {
      return Error(bad_condition, std::string(where) + ": '" + std::string(1, c) + "'");
    }
  }
  return out;
}

class ConditionParser {
 public:
  ConditionParser(std::vector<std::string> tokens, const Detections& detections, std::string_view where)
      : tokens_(std::move(tokens)), detections_(detections), where_(where) {}

  Result<Expression> whole() {
    LUY_TRY(Expression out, any_of());
    if (next_ != tokens_.size()) return bad("'" + tokens_[next_] + "'");
    return out;
  }

 private:
  Error bad(std::string_view what) const { return Error(bad_condition, where_ + ": " + std::string(what)); }
  bool at_word(std::string_view word, std::size_t ahead = 0) const {
    return next_ + ahead < tokens_.size() && fold(tokens_[next_ + ahead]) == word;
  }
  bool take(std::string_view word) {
    if (!at_word(word)) return false;
    ++next_;
    return true;
  }

  static Expression join(Expression::Kind kind, std::vector<Expression> parts) {
    if (parts.size() == 1) return std::move(parts.front());
    Expression out;
    out.kind = kind;
    out.parts = std::move(parts);
    return out;
  }

  Result<Expression> any_of() {
    std::vector<Expression> parts;
    do {
      LUY_TRY(Expression part, all_of());
      parts.push_back(std::move(part));
    } while (take("or"));
    return join(Expression::Kind::any, std::move(parts));
  }

  Result<Expression> all_of() {
    std::vector<Expression> parts;
    do {
      LUY_TRY(Expression part, negation());
      parts.push_back(std::move(part));
    } while (take("and"));
    return join(Expression::Kind::all, std::move(parts));
  }

  Result<Expression> negation() {
    bool negated = false;
    while (take("not")) negated = !negated;
    LUY_TRY(Expression inner, primary());
    if (!negated) return inner;
    Expression out;
    out.kind = Expression::Kind::negation;
    out.parts.push_back(std::move(inner));
    return out;
  }

  Result<Expression> primary() {
    if (next_ == tokens_.size()) return bad("…?");
    if (take("(")) {
      if (++depth_ > condition_depth_max) return Error(over_limit, where_ + ": (((");
      LUY_TRY(Expression out, any_of());
      --depth_;
      if (!take(")")) return bad("')'?");
      return out;
    }
    if (at_word("of", 1)) return quantified();
    const std::string name = tokens_[next_];
    for (const std::string_view word : {"and", "or", "not", "of", ")"}) {
      if (at_word(word)) return bad("'" + name + "'");
    }
    ++next_;
    for (const auto& [known, expression] : detections_) {
      if (known == name) return expression;
    }
    return Error(unknown_identifier, where_ + ": '" + name + "'");
  }

  Result<Expression> quantified() {
    const bool all = at_word("all");
    if (!all && !at_word("1") && !at_word("any")) return bad("'" + tokens_[next_] + " of'");
    next_ += 2;
    if (next_ == tokens_.size()) return bad("of …?");
    const std::string name = tokens_[next_++];
    const bool them = fold(name) == "them";
    const Pattern pattern = parse_pattern(name);
    std::vector<Expression> parts;
    for (const auto& [known, expression] : detections_) {
      if (them ? !known.starts_with('_') : matches(pattern, known)) parts.push_back(expression);
    }
    if (parts.empty()) return Error(unknown_identifier, where_ + ": '" + name + "'");
    return join(all ? Expression::Kind::all : Expression::Kind::any, std::move(parts));
  }

  std::vector<std::string> tokens_;
  const Detections& detections_;
  std::string where_;
  std::size_t next_ = 0;
  std::size_t depth_ = 0;
};

}  // namespace

std::size_t size_of(const Expression& expression) {
  std::size_t out = 1;
  for (const Expression& part : expression.parts) out += size_of(part);
  return out;
}

Result<Expression> parse_condition(std::string_view text, const Detections& detections, std::string_view where) {
  if (text.size() > condition_bytes_max) return Error(over_limit, std::string(where) + ": condition");
  LUY_TRY(std::vector<std::string> tokens, tokens_of(text, where));
  ConditionParser parser(std::move(tokens), detections, where);
  LUY_TRY(Expression out, parser.whole());
  if (size_of(out) > expression_nodes_max) return Error(over_limit, std::string(where) + ": condition");
  return out;
}

}  // namespace luy::detect
