#include <arpa/inet.h>

#include <array>
#include <charconv>
#include <limits>

#include "base/vietnamese.h"
#include "event/field.h"
#include "evidence/question.h"

namespace luy::evidence {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

bool ends_word(char c) {
  return c == ' ' || c == '\t' || c == '(' || c == ')' || c == '"';
}
bool is_name_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '@';
}

std::optional<double> number_of(std::string_view text) {
  double out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return out;
}

}  // namespace

std::span<const ShortField> short_fields() {
  static const std::vector<ShortField> table = {
      {"host", {"host.name"}},
      {"user", {"user.name", "user.target.name", "user.effective.name"}},
      {"ip", {"source.ip", "destination.ip"}},
      {"src", {"source.ip"}},
      {"dst", {"destination.ip"}},
      {"port", {"source.port", "destination.port"}},
      {"app", {"process.name", "log.syslog.appname"}},
      {"pid", {"process.pid"}},
      {"path", {"file.path", "log.file.path"}},
      {"action", {"event.action"}},
      {"outcome", {"event.outcome"}},
      {"level", {"log.level"}},
  };
  return table;
}

class QuestionParser {
 public:
  explicit QuestionParser(std::string_view text) : text_(text) {}

  Result<Question> parse() {
    if (text_.size() > question_bytes_max) return wrong("4,096 ký tự / characters", question_bytes_max);
    skip_blanks();
    if (at_ == text_.size()) return std::move(out_);
    LUY_TRY(const std::size_t root, any(0));
    if (at_ != text_.size()) return wrong("')' thừa / that opens nothing");
    out_.root_ = root;
    return std::move(out_);
  }

 private:
  using Node = Question::Node;
  using Kind = Question::Kind;

  struct Word {
    std::string text;     // Folded, escapes taken out where nothing is wild.
    std::string pattern;  // Folded, escapes kept.
    bool wild = false;
    bool quoted = false;
  };

  Error wrong(std::string_view what) const { return wrong(what, at_); }
  Error wrong(std::string_view what, std::size_t at) const {
    // Characters, not bytes: continuation bytes of UTF-8 do not count.
    std::size_t number = 1;
    for (const char c : text_.substr(0, at)) number += (static_cast<unsigned char>(c) & 0xc0U) != 0x80 ? 1 : 0;
    return Error(question_invalid, std::to_string(number) + ": " + std::string(what));
  }
  void skip_blanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
  }
  bool at(char c) const { return at_ < text_.size() && text_[at_] == c; }
  bool takes(char c) {
    if (!at(c)) return false;
    ++at_;
    return true;
  }
  bool at_keyword(std::string_view word) const {
    if (!text_.substr(at_).starts_with(word)) return false;
    const std::size_t end = at_ + word.size();
    return end == text_.size() || ends_word(text_[end]);
  }
  bool takes_keyword(std::string_view word) {
    if (!at_keyword(word)) return false;
    at_ += word.size();
    skip_blanks();
    return true;
  }
  Result<std::size_t> add(Node node) {
    if (out_.nodes_.size() >= question_parts_max) return wrong("quá 64 phần / more than 64 parts");
    out_.needs_event_ =
        out_.needs_event_ || node.kind == Kind::field || node.kind == Kind::number || node.kind == Kind::network;
    out_.nodes_.push_back(std::move(node));
    return out_.nodes_.size() - 1;
  }

  Result<std::size_t> any(unsigned depth) {
    if (depth > question_depth_max) return wrong("quá nhiều dấu ngoặc / too many brackets");
    Node node{.kind = Kind::any_of};
    do {
      LUY_TRY(const std::size_t part, all(depth));
      node.children.push_back(part);
    } while (takes_keyword("OR"));
    if (node.children.size() == 1) return node.children.front();
    return add(std::move(node));
  }

  Result<std::size_t> all(unsigned depth) {
    Node node{.kind = Kind::all_of};
    for (;;) {
      LUY_TRY(const std::size_t child, part(depth));
      node.children.push_back(child);
      skip_blanks();
      const bool more = takes_keyword("AND");
      if (!more && (at_ == text_.size() || at(')') || at_keyword("OR"))) break;
    }
    if (node.children.size() == 1) return node.children.front();
    return add(std::move(node));
  }

  Result<std::size_t> part(unsigned depth) {
    skip_blanks();
    if (at_ == text_.size()) return wrong("thiếu điều kiện / a condition is missing");
    if (depth > question_depth_max) return wrong("quá nhiều phủ định / too many negations");
    if (takes_keyword("NOT") || takes('-') || takes('!')) {
      LUY_TRY(const std::size_t child, part(depth + 1));
      return add({.kind = Kind::none_of, .children = {child}});
    }
    if (at_keyword("AND") || at_keyword("OR")) return wrong("thiếu điều kiện / a condition is missing");
    if (takes('(')) {
      const std::size_t opened = at_ - 1;
      LUY_TRY(const std::size_t child, any(depth + 1));
      if (!takes(')')) return wrong("thiếu ')' / ')' is missing", opened);
      skip_blanks();
      return child;
    }
    if (at(')')) return wrong("thiếu điều kiện / a condition is missing");
    return condition();
  }

  // A name in front of ':' or a comparison is a field.
  Result<std::size_t> condition() {
    std::size_t end = at_;
    while (end < text_.size() && is_name_byte(text_[end])) ++end;
    const char after = end > at_ && end < text_.size() ? text_[end] : '\0';
    if (after == ':' || after == '>' || after == '<') {
      const std::string name(text_.substr(at_, end - at_));
      at_ = end;
      if (after == ':') ++at_;
      return field(fields_of(name));
    }
    LUY_TRY(const Word w, word());
    skip_blanks();
    return add({.kind = Kind::text, .text = w.wild ? w.pattern : w.text, .wild = w.wild});
  }

  static std::vector<std::string> fields_of(const std::string& name) {
    for (const ShortField& known : short_fields()) {
      if (known.name == name) return {known.fields.begin(), known.fields.end()};
    }
    if (name == "source" || name.starts_with("labels.") || event::field_from_name(name)) return {name};
    return {"labels." + name};
  }

  Result<std::size_t> field(std::vector<std::string> fields) {
    if (at('>') || at('<')) return comparison(std::move(fields));
    if (at('[')) return range(std::move(fields));
    const std::size_t begin = at_;
    if (at_ == text_.size() || at(' ') || at(')')) return wrong("thiếu giá trị / the value is missing");
    LUY_TRY(const Word w, word());
    skip_blanks();
    if (!w.quoted && !w.wild && w.text.find('/') != std::string::npos) {
      Node node{.kind = Kind::network, .fields = fields};
      if (read_network(w.text, node)) return add(std::move(node));
      if (fields.front().ends_with(".ip")) return wrong("không phải dải địa chỉ / not a network", begin);
    }
    return add({.kind = Kind::field, .text = w.wild ? w.pattern : w.text, .wild = w.wild, .fields = std::move(fields)});
  }

  Result<double> number() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && !ends_word(text_[at_]) && text_[at_] != ']') ++at_;
    const auto out = number_of(text_.substr(begin, at_ - begin));
    if (!out) return wrong("không phải số / not a number", begin);
    return *out;
  }

  Result<std::size_t> comparison(std::vector<std::string> fields) {
    Node node{.kind = Kind::number, .fields = std::move(fields), .low = -infinity, .high = infinity};
    const bool above = text_[at_++] == '>';
    const bool open = !takes('=');
    LUY_TRY(const double bound, number());
    (above ? node.low : node.high) = bound;
    (above ? node.low_open : node.high_open) = open;
    skip_blanks();
    return add(std::move(node));
  }

  Result<std::size_t> range(std::vector<std::string> fields) {
    Node node{.kind = Kind::number, .fields = std::move(fields)};
    const std::size_t opened = at_++;
    skip_blanks();
    LUY_TRY(node.low, number());
    skip_blanks();
    if (!takes_keyword("TO")) return wrong("thiếu TO / TO is missing");
    LUY_TRY(node.high, number());
    skip_blanks();
    if (!takes(']')) return wrong("thiếu ']' / ']' is missing", opened);
    skip_blanks();
    return add(std::move(node));
  }

  static bool read_network(std::string_view text, Node& node) {
    const std::size_t slash = text.find('/');
    const auto bits = number_of(text.substr(slash + 1));
    std::array<char, 16> bytes{};
    const std::string address(text.substr(0, slash));
    const bool four = ::inet_pton(AF_INET, address.c_str(), bytes.data()) == 1;
    if (!four && ::inet_pton(AF_INET6, address.c_str(), bytes.data()) != 1) return false;
    const std::size_t size = four ? 4 : 16;
    if (!bits || *bits < 0 || *bits > static_cast<double>(size * 8) || *bits != static_cast<unsigned>(*bits))
      return false;
    node.bits = static_cast<unsigned>(*bits);
    node.network.assign(bytes.data(), size);
    return true;
  }

  Result<Word> word() {
    Word out;
    const std::size_t begin = at_;
    std::string raw;
    std::string pattern;
    out.quoted = takes('"');
    for (;; ++at_) {
      if (at_ == text_.size()) {
        if (out.quoted) return wrong("thiếu dấu ngoặc kép / a quotation mark is missing", begin);
        break;
      }
      char c = text_[at_];
      if (out.quoted ? c == '"' : ends_word(c)) break;
      const bool escaped = c == '\\' && at_ + 1 < text_.size();
      if (escaped) c = text_[++at_];
      const bool wild = !escaped && !out.quoted && (c == '*' || c == '?');
      out.wild = out.wild || wild;
      if (!wild && (c == '*' || c == '?' || c == '\\')) pattern += '\\';
      pattern += c;
      raw += c;
    }
    if (out.quoted) ++at_;
    if (raw.empty()) return wrong("thiếu từ / a word is missing", begin);
    out.text = fold_vietnamese(raw);
    out.pattern = fold_vietnamese(pattern);
    return out;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  Question out_;
};

Result<Question> Question::parse(std::string_view text) {
  return QuestionParser(text).parse();
}

}  // namespace luy::evidence
