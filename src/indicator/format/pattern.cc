#include <algorithm>

#include "indicator/format/read.h"

namespace luy::indicator {
namespace {

constexpr std::size_t ways_max = 256;  // Ways to fulfil one pattern.
constexpr std::size_t atoms_max = 8;   // In one of them.
constexpr int depth_max = 20;

using Way = std::vector<Atom>;
using Ways = std::vector<Way>;

// What went wrong, as an exception within this file alone would be: the first refusal stands.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  Pattern run() {
    Pattern out;
    Ways ways = observations();
    blanks();
    if (!refused_ && !rest_.empty()) unusable();
    if (refused_) {
      out.refused = refused_;
      return out;
    }
    for (Way& way : ways) {
      // The rarest kind of match first: it is the one that is looked up.
      std::stable_sort(way.begin(), way.end(), [](const Atom& a, const Atom& b) { return a.type > b.type; });
      Indicator one;
      one.atom = std::move(way.front());
      one.also.assign(std::make_move_iterator(way.begin() + 1), std::make_move_iterator(way.end()));
      out.indicators.push_back(std::move(one));
    }
    return out;
  }

 private:
  void refuse(std::string vi, std::string en) {
    if (!refused_) refused_ = PatternRefusal{std::move(vi), std::move(en)};
  }
  void unusable() {
    const std::string at(rest_.substr(0, 40));
    refuse("không hiểu mẫu tại “" + at + "”", "the pattern is not understood at “" + at + "”");
  }

  void blanks() {
    while (!rest_.empty() &&
           (rest_.front() == ' ' || rest_.front() == '\t' || rest_.front() == '\n' || rest_.front() == '\r')) {
      rest_.remove_prefix(1);
    }
  }
  bool take(std::string_view word) {
    blanks();
    if (!rest_.starts_with(word)) return false;
    const char last = word.back();
    const bool letters = last >= 'A' && last <= 'Z';
    if (letters && rest_.size() > word.size()) {
      const char next = rest_[word.size()];
      if ((next >= 'A' && next <= 'Z') || (next >= 'a' && next <= 'z') || next == '_') return false;
    }
    rest_.remove_prefix(word.size());
    return true;
  }

  Ways observations() {
    Ways out = observation();
    for (;;) {
      if (refused_) return {};
      if (take("OR")) {
        join(out, observation());
        continue;
      }
      for (const char* word : {"AND", "FOLLOWEDBY", "WITHIN", "REPEATS", "START"}) {
        if (take(word)) {
          refuse(std::string("phép ") + word + " giữa các quan sát chưa dùng được",
                 std::string(word) + " over several observations cannot be used");
        }
      }
      return out;
    }
  }

  Ways observation() {
    if (++depth_ > depth_max) refuse("mẫu lồng quá sâu", "the pattern is nested too deeply");
    if (refused_) return {};
    Ways out;
    if (take("(")) {
      out = observations();
      if (!take(")")) unusable();
    } else if (take("[")) {
      out = either();
      if (!take("]")) unusable();
    } else {
      unusable();
    }
    --depth_;
    return out;
  }

  void join(Ways& out, Ways more) {
    out.insert(out.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
    if (out.size() > ways_max) refuse("mẫu có quá nhiều phương án", "the pattern has too many alternatives");
  }

  Ways either() {
    Ways out = both();
    while (!refused_ && take("OR")) join(out, both());
    return out;
  }

  Ways both() {
    Ways out = term();
    while (!refused_ && take("AND")) {
      const Ways more = term();
      Ways product;
      for (const Way& a : out) {
        for (const Way& b : more) {
          Way way = a;
          way.insert(way.end(), b.begin(), b.end());
          product.push_back(std::move(way));
          if (product.size() > ways_max || product.back().size() > atoms_max) {
            refuse("mẫu có quá nhiều phương án", "the pattern has too many alternatives");
            return {};
          }
        }
      }
      out = std::move(product);
    }
    return out;
  }

  Ways term() {
    if (refused_) return {};
    if (!take("(")) return comparison();
    if (++depth_ > depth_max) refuse("mẫu lồng quá sâu", "the pattern is nested too deeply");
    Ways out = refused_ ? Ways() : either();
    --depth_;
    if (!refused_ && !take(")")) unusable();
    return out;
  }

  std::string path() {
    blanks();
    std::string out;
    bool quoted = false;
    while (!rest_.empty()) {
      const char c = rest_.front();
      if (c == '\'') quoted = !quoted;
      const bool end = c == ' ' || c == '=' || c == '!' || c == '<' || c == '>' || c == ']' || c == '\t';
      if (!quoted && end) break;
      if (c != '\'') out += c;
      rest_.remove_prefix(1);
    }
    return out;
  }

  std::optional<std::string> text() {
    if (!take("'")) return std::nullopt;
    std::string out;
    while (!rest_.empty()) {
      char c = rest_.front();
      rest_.remove_prefix(1);
      if (c == '\'') return out;
      if (c == '\\' && !rest_.empty()) {
        c = rest_.front();
        rest_.remove_prefix(1);
      }
      out += c;
    }
    return std::nullopt;
  }

  static std::optional<Type> type_of(const std::string& path) {
    if (path == "ipv4-addr:value" || path == "ipv6-addr:value") return Type::address;
    if (path == "network-traffic:src_ref.value" || path == "network-traffic:dst_ref.value") return Type::address;
    if (path == "domain-name:value") return Type::domain;
    if (path == "url:value") return Type::url;
    if (path == "email-addr:value" || path == "email-message:from_ref.value" ||
        path == "email-message:sender_ref.value") {
      return Type::email;
    }
    for (const char* name : {"MD5", "SHA-1", "SHA-256", "md5", "sha1", "sha256", "SHA1", "SHA256"}) {
      if (path == std::string("file:hashes.") + name) return Type::hash;
    }
    return std::nullopt;
  }

  Ways comparison() {
    const std::string field = path();
    if (take("NOT")) refuse("phép NOT chưa dùng được", "NOT cannot be used");
    const auto type = type_of(field);
    if (!refused_ && !type) refuse("chưa dùng được trường “" + field + "”", "the field “" + field + "” cannot be used");
    const bool several = !refused_ && take("IN");
    if (!refused_ && !several && !take("=") && !take("ISSUBSET")) {
      refuse("chỉ dùng được phép =, IN và ISSUBSET", "only =, IN and ISSUBSET can be used");
    }
    if (refused_) return {};
    if (several && !take("(")) {
      unusable();
      return {};
    }
    Ways out;
    do {
      const auto value = text();
      if (!value) {
        unusable();
        return {};
      }
      auto atom = make_atom(*type, *value);
      if (!atom) {
        refuse("giá trị không dùng được: “" + *value + "”", "the value cannot be used: “" + *value + "”");
        return {};
      }
      out.push_back({std::move(*atom)});
      if (out.size() > ways_max) refuse("mẫu có quá nhiều phương án", "the pattern has too many alternatives");
    } while (!refused_ && several && take(","));
    if (several && !refused_ && !take(")")) unusable();
    return out;
  }

  std::string_view rest_;
  int depth_ = 0;
  std::optional<PatternRefusal> refused_;
};

}  // namespace

Pattern read_pattern(std::string_view text) {
  return Reader(text).run();
}

}  // namespace luy::indicator
