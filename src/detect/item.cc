#include "detect/item.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include "base/encoding.h"
#include "detect/engine/regex.h"
#include "detect/error.h"
#include "detect/modifier.h"

namespace luy::detect {
namespace {

// What the modifiers of one key ask for.
struct Key {
  std::string field;
  std::vector<Modifier> modifiers;
  bool has(Modifier one) const { return std::find(modifiers.begin(), modifiers.end(), one) != modifiers.end(); }
  bool has_any(std::initializer_list<Modifier> some) const {
    return std::any_of(some.begin(), some.end(), [this](Modifier one) { return has(one); });
  }
};

constexpr auto comparisons = {Modifier::lt, Modifier::lte, Modifier::gt, Modifier::gte};
constexpr auto time_parts = {Modifier::minute, Modifier::hour,  Modifier::day,
                             Modifier::week,   Modifier::month, Modifier::year};
constexpr auto text_modifiers = {Modifier::contains,     Modifier::startswith, Modifier::endswith, Modifier::base64,
                                 Modifier::base64offset, Modifier::utf16le,    Modifier::utf16be,  Modifier::utf16,
                                 Modifier::wide,         Modifier::windash,    Modifier::expand,   Modifier::cased};

Expression expression_of(Test test) {
  Expression out;
  out.test = std::move(test);
  return out;
}

Expression combine(Expression::Kind kind, std::vector<Expression> parts) {
  if (parts.size() == 1 && kind != Expression::Kind::negation) return std::move(parts.front());
  Expression out;
  out.kind = kind;
  out.parts = std::move(parts);
  return out;
}

Comparison comparison_of(const Key& key) {
  if (key.has(Modifier::lt)) return Comparison::less;
  if (key.has(Modifier::lte)) return Comparison::less_equal;
  if (key.has(Modifier::gt)) return Comparison::greater;
  if (key.has(Modifier::gte)) return Comparison::greater_equal;
  return Comparison::equal;
}

TimePart time_part_of(const Key& key) {
  if (key.has(Modifier::minute)) return TimePart::minute;
  if (key.has(Modifier::hour)) return TimePart::hour;
  if (key.has(Modifier::day)) return TimePart::day;
  if (key.has(Modifier::week)) return TimePart::week;
  if (key.has(Modifier::month)) return TimePart::month;
  if (key.has(Modifier::year)) return TimePart::year;
  return TimePart::none;
}

class ItemParser {
 public:
  ItemParser(const ItemContext& context, std::size_t line) : context_(context), line_(line) {}

  Result<Key> parse_key(std::string_view text) {
    Key out;
    std::size_t bar = text.find('|');
    out.field = text.substr(0, bar);
    while (bar != std::string_view::npos) {
      text.remove_prefix(bar + 1);
      bar = text.find('|');
      const std::string_view name = text.substr(0, bar);
      const auto modifier = modifier_from_name(name);
      if (!modifier) return Error(unknown_modifier, at("'" + std::string(name) + "'"));
      out.modifiers.push_back(*modifier);
    }
    LUY_TRY_VOID(check(out));
    key_ = out;
    return out;
  }

  // The alternatives of one value.
  Result<Expression> value(const YamlNode& node) {
    line_ = node.line;
    if (node.is_null()) return null_value();
    if (!node.is_scalar()) return Error(bad_rule, at("value"));
    if (key_.has(Modifier::exists)) return exists_value(node);
    if (key_.has(Modifier::re)) return regex_value(node);
    if (key_.has(Modifier::cidr)) return network_value(node);
    if (key_.has(Modifier::fieldref)) return reference_value(node);
    if (key_.has_any(comparisons) || key_.has_any(time_parts)) return number_value(node);
    return text_value(node);
  }

 private:
  std::string at(std::string_view what) const { return at_line(context_.file, line_, what); }

  // Modifiers of different families do not mix.
  Result<void> check(const Key& key) const {
    int types = 0;
    for (const bool used : {key.has(Modifier::re), key.has(Modifier::cidr), key.has(Modifier::exists),
                            key.has_any(comparisons) || key.has_any(time_parts)}) {
      types += used ? 1 : 0;
    }
    const bool text = key.has_any(text_modifiers);
    if (types > 1 || (types == 1 && (text || key.has(Modifier::fieldref)))) {
      return Error(bad_modifier, at("re, cidr, exists, gt, contains, …"));
    }
    if (key.has_any({Modifier::regex_i, Modifier::regex_m, Modifier::regex_s}) && !key.has(Modifier::re)) {
      return Error(bad_modifier, at("i, m, s"));
    }
    if (key.field.empty() && (key.has(Modifier::exists) || key.has(Modifier::fieldref) || key.has(Modifier::neq))) {
      return Error(bad_modifier, at("|exists, |fieldref, |neq"));
    }
    if (key.has(Modifier::fieldref) &&
        key.has_any({Modifier::base64, Modifier::base64offset, Modifier::utf16le, Modifier::utf16be, Modifier::utf16,
                     Modifier::wide, Modifier::windash, Modifier::expand})) {
      return Error(bad_modifier, at("|fieldref"));
    }
    return {};
  }

  Test test(TestKind kind) const {
    Test out;
    out.field = key_.field;
    out.kind = kind;
    out.cased = key_.has(Modifier::cased);
    return out;
  }

  Result<Expression> null_value() const {
    if (key_.field.empty() || key_.has_any(text_modifiers) || key_.has(Modifier::re) || key_.has(Modifier::cidr) ||
        key_.has(Modifier::exists) || key_.has(Modifier::fieldref) || key_.has_any(comparisons) ||
        key_.has_any(time_parts)) {
      return Error(bad_modifier, at("null"));
    }
    return expression_of(test(TestKind::null));
  }

  Result<Expression> exists_value(const YamlNode& node) const {
    std::string word = node.scalar;
    std::transform(word.begin(), word.end(), word.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    if (word != "true" && word != "false" && word != "yes" && word != "no")
      return Error(bad_modifier, at("|exists: true, false"));
    Expression out = expression_of(test(TestKind::exists));
    if (word == "true" || word == "yes") return out;
    return combine(Expression::Kind::negation, {std::move(out)});
  }

  Result<Expression> regex_value(const YamlNode& node) const {
    Test out = test(TestKind::regex);
    out.text = node.scalar;
    out.cased = !key_.has(Modifier::regex_i);
    out.multi_line = key_.has(Modifier::regex_m);
    out.dot_all = key_.has(Modifier::regex_s);
    if (const auto usable = check_regex(out); !usable) {
      return Error(bad_regex, at("'" + out.text + "': " + usable.error().detail()));
    }
    return expression_of(std::move(out));
  }

  Result<Expression> network_value(const YamlNode& node) const {
    Test out = test(TestKind::network);
    LUY_TRY(out.network, parse_network(node.scalar, at("'" + node.scalar + "'")));
    return expression_of(std::move(out));
  }

  Result<Expression> reference_value(const YamlNode& node) const {
    Test out = test(TestKind::field_ref);
    out.text = node.scalar;
    if (key_.has(Modifier::startswith)) out.relation = Relation::starts_with;
    if (key_.has(Modifier::endswith)) out.relation = Relation::ends_with;
    if (key_.has(Modifier::contains)) out.relation = Relation::contains;
    return expression_of(std::move(out));
  }

  Result<Expression> number_value(const YamlNode& node) const {
    Test out = test(TestKind::number);
    const std::string& text = node.scalar;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out.number);
    if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(out.number)) {
      return Error(bad_modifier, at("'" + text + "': number"));
    }
    out.comparison = comparison_of(key_);
    out.time_part = time_part_of(key_);
    return expression_of(std::move(out));
  }

  // The value once for every filling of its placeholders.
  Result<std::vector<std::string>> expand(const std::string& text) const {
    std::vector<std::string> out{std::string()};
    std::string_view rest = text;
    while (!rest.empty()) {
      if (rest.starts_with("\\%")) {
        for (std::string& one : out) one += '%';
        rest.remove_prefix(2);
        continue;
      }
      const std::size_t end = rest.front() == '%' ? rest.find('%', 1) : std::string_view::npos;
      if (end == std::string_view::npos || end == 1) {
        for (std::string& one : out) one += rest.front();
        rest.remove_prefix(1);
        continue;
      }
      const std::string_view name = rest.substr(1, end - 1);
      const auto found = context_.placeholders->find(name);
      if (found == context_.placeholders->end() || found->second.empty()) {
        return Error(unfilled_placeholder, at("%" + std::string(name) + "%"));
      }
      std::vector<std::string> next;
      for (const std::string& front : out) {
        for (const std::string& filling : found->second) next.push_back(front + filling);
      }
      if (next.size() > variants_max) return Error(over_limit, at("> " + std::to_string(variants_max)));
      out = std::move(next);
      rest.remove_prefix(end + 1);
    }
    return out;
  }

  Result<std::vector<Pattern>> transform(Pattern pattern, Modifier modifier) const {
    switch (modifier) {
      case Modifier::contains:
        pattern.prepend_run();
        pattern.add(Pattern::Kind::any_run);
        break;
      case Modifier::startswith:
        pattern.add(Pattern::Kind::any_run);
        break;
      case Modifier::endswith:
        pattern.prepend_run();
        break;
      case Modifier::windash:
        pattern = with_dashes(pattern);
        break;
      case Modifier::utf16le:
      case Modifier::utf16be:
      case Modifier::utf16:
      case Modifier::wide:
        pattern = in_utf16(pattern, modifier);
        break;
      case Modifier::base64:
      case Modifier::base64offset: {
        const auto plain = pattern.plain();
        if (!plain) return Error(bad_modifier, at("|base64: * ?"));
        if (modifier == Modifier::base64) return std::vector{literal_pattern(to_base64(*plain))};
        std::vector<Pattern> out;
        for (const std::string& one : base64_offsets(*plain)) out.push_back(literal_pattern(one));
        if (out.empty()) return Error(bad_modifier, at("|base64offset: ''"));
        return out;
      }
      default:
        break;
    }
    return std::vector{std::move(pattern)};
  }

  Result<Expression> text_value(const YamlNode& node) const {
    std::vector<std::string> texts{node.scalar};
    if (key_.has(Modifier::expand)) {
      LUY_TRY(texts, expand(node.scalar));
    }
    std::vector<Pattern> patterns;
    for (const std::string& text : texts) patterns.push_back(parse_pattern(text));
    for (const Modifier modifier : key_.modifiers) {
      std::vector<Pattern> next;
      for (Pattern& pattern : patterns) {
        LUY_TRY(std::vector<Pattern> some, transform(std::move(pattern), modifier));
        std::move(some.begin(), some.end(), std::back_inserter(next));
      }
      patterns = std::move(next);
    }
    const bool anchored = key_.has_any({Modifier::contains, Modifier::startswith, Modifier::endswith});
    std::vector<Expression> out;
    for (Pattern& pattern : patterns) {
      Test one = test(TestKind::pattern);
      if (key_.field.empty() && !anchored) {
        pattern.prepend_run();
        pattern.add(Pattern::Kind::any_run);
      }
      if (!one.cased) pattern.fold();
      one.pattern = std::move(pattern);
      out.push_back(expression_of(std::move(one)));
    }
    return combine(Expression::Kind::any, std::move(out));
  }

  const ItemContext& context_;
  std::size_t line_;
  Key key_;
};

// "Different from all of these": the field is there with a value, and none of them holds.
Expression differs(const std::string& field, Expression equal) {
  Test present;
  present.field = field;
  present.pattern.add(Pattern::Kind::any_run);
  Expression no;
  no.kind = Expression::Kind::negation;
  no.parts.push_back(std::move(equal));
  return combine(Expression::Kind::all, {expression_of(std::move(present)), std::move(no)});
}

}  // namespace

Result<Expression> parse_item(const ItemContext& context, std::string_view key, const YamlNode& value) {
  ItemParser parser(context, value.line);
  LUY_TRY(const Key parsed, parser.parse_key(key));
  if (value.is_map()) return Error(bad_rule, at_line(context.file, value.line, key));
  std::vector<Expression> parts;
  if (value.is_list()) {
    if (value.items.empty()) return Error(bad_rule, at_line(context.file, value.line, std::string(key) + ": []"));
    for (const YamlNode& one : value.items) {
      LUY_TRY(Expression part, parser.value(one));
      parts.push_back(std::move(part));
    }
  } else {
    LUY_TRY(Expression part, parser.value(value));
    parts.push_back(std::move(part));
  }
  if (parsed.has(Modifier::neq)) return differs(parsed.field, combine(Expression::Kind::any, std::move(parts)));
  const bool all = parsed.has(Modifier::all);
  return combine(all ? Expression::Kind::all : Expression::Kind::any, std::move(parts));
}

Result<Expression> parse_keywords(const ItemContext& context, const YamlNode& list) {
  return parse_item(context, "", list);
}

}  // namespace luy::detect
