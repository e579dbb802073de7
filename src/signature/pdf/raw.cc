#include "signature/pdf/raw.h"

#include <algorithm>
#include <set>

#include "base/encoding.h"

namespace luy::signature {
namespace {

enum class Kind {
  number,
  name,
  string,
  hex,
  dictionary_open,
  dictionary_close,
  array_open,
  array_close,
  word,
  bad,
  end
};

struct Token {
  Kind kind = Kind::end;
  std::size_t begin = 0;
  std::size_t end = 0;
};

bool is_delimiter(char c) {
  return std::string_view("()<>[]{}/%").find(c) != std::string_view::npos;
}

class Lexer {
 public:
  Lexer(std::string_view bytes, std::size_t at) : bytes_(bytes), at_(at) {}

  std::size_t at() const { return at_; }
  void move_to(std::size_t at) { at_ = at; }
  std::string_view text(const Token& token) const { return bytes_.substr(token.begin, token.end - token.begin); }
  void skip_space() {
    while (at_ < bytes_.size() && is_pdf_space(bytes_[at_])) ++at_;
  }

  Token next() {
    skip_space();
    if (at_ >= bytes_.size()) return {Kind::end, at_, at_};
    const std::size_t begin = at_;
    const char c = bytes_[at_];
    const char after = at_ + 1 < bytes_.size() ? bytes_[at_ + 1] : '\0';
    if (c == '<' && after == '<') return take(Kind::dictionary_open, begin, 2);
    if (c == '>' && after == '>') return take(Kind::dictionary_close, begin, 2);
    if (c == '[') return take(Kind::array_open, begin, 1);
    if (c == ']') return take(Kind::array_close, begin, 1);
    if (c == '(') return string(begin);
    if (c == '<') return hex(begin);
    if (c != '/' && is_delimiter(c)) return {Kind::bad, begin, begin + 1};  // Comments too: none is needed here.
    ++at_;
    while (at_ < bytes_.size() && !is_pdf_space(bytes_[at_]) && !is_delimiter(bytes_[at_])) ++at_;
    if (c == '/') return {Kind::name, begin, at_};
    const std::string_view word = bytes_.substr(begin, at_ - begin);
    const bool numeric = word.find_first_not_of("0123456789+-.") == std::string_view::npos;
    return {numeric ? Kind::number : Kind::word, begin, at_};
  }

 private:
  Token take(Kind kind, std::size_t begin, std::size_t size) {
    at_ = begin + size;
    return {kind, begin, at_};
  }
  Token string(std::size_t begin) {
    int depth = 0;
    for (; at_ < bytes_.size(); ++at_) {
      if (bytes_[at_] == '\\') {
        ++at_;
      } else if (bytes_[at_] == '(') {
        ++depth;
      } else if (bytes_[at_] == ')' && --depth == 0) {
        return take(Kind::string, begin, at_ + 1 - begin);
      }
    }
    return {Kind::bad, begin, bytes_.size()};
  }
  Token hex(std::size_t begin) {
    const std::size_t close = bytes_.find_first_not_of("0123456789abcdefABCDEF \t\r\n\f", begin + 1);
    if (close == std::string_view::npos || bytes_[close] != '>') return {Kind::bad, begin, begin + 1};
    return take(Kind::hex, begin, close + 1 - begin);
  }

  std::string_view bytes_;
  std::size_t at_;
};

// Digits only, below 10^10: offsets and object numbers.
std::optional<std::size_t> whole_number(std::string_view text) {
  constexpr std::size_t digits_max = 10;
  if (text.empty() || text.size() > digits_max) return std::nullopt;
  std::size_t value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + static_cast<std::size_t>(c - '0');
  }
  return value;
}

std::string decoded_name(std::string_view name) {
  std::string out;
  for (std::size_t i = 1; i < name.size(); ++i) {
    if (name[i] == '#' && i + 2 < name.size()) {
      if (const auto byte = from_hex(name.substr(i + 1, 2))) {
        out += *byte;
        i += 2;
        continue;
      }
    }
    out += name[i];
  }
  return out;
}

bool read_value(Lexer& lexer, const Token& first, int depth, std::vector<RawEntry>* entries);

bool read_dictionary(Lexer& lexer, int depth, std::vector<RawEntry>* entries) {
  std::set<std::string> seen;
  for (Token key = lexer.next(); key.kind != Kind::dictionary_close; key = lexer.next()) {
    if (key.kind != Kind::name) return false;
    std::string name = decoded_name(lexer.text(key));
    if (!seen.insert(name).second) return false;
    const Token first = lexer.next();
    if (!read_value(lexer, first, depth + 1, nullptr)) return false;
    if (entries != nullptr) entries->push_back({std::move(name), first.begin, lexer.at()});
  }
  return true;
}

// "12 0 R" as well: a number looks ahead two tokens.
bool read_value(Lexer& lexer, const Token& first, int depth, std::vector<RawEntry>* entries) {
  if (depth > nesting_max) return false;
  switch (first.kind) {
    case Kind::name:
    case Kind::string:
    case Kind::hex:
      return true;
    case Kind::number: {
      const std::size_t after = lexer.at();
      if (lexer.next().kind == Kind::number) {
        const Token last = lexer.next();
        if (last.kind == Kind::word && lexer.text(last) == "R") return true;
      }
      lexer.move_to(after);
      return true;
    }
    case Kind::word: {
      const std::string_view word = lexer.text(first);
      return word == "true" || word == "false" || word == "null";
    }
    case Kind::array_open:
      for (Token one = lexer.next(); one.kind != Kind::array_close; one = lexer.next()) {
        if (!read_value(lexer, one, depth + 1, nullptr)) return false;
      }
      return true;
    case Kind::dictionary_open:
      return read_dictionary(lexer, depth, entries);
    default:
      return false;
  }
}

std::optional<std::size_t> stream_length(std::string_view bytes, const RawObject& object, const LengthOf& length_of) {
  for (const RawEntry& entry : object.entries) {
    if (entry.key != "Length") continue;
    Lexer lexer(bytes, entry.begin);
    const auto number = whole_number(lexer.text(lexer.next()));
    if (!number) return std::nullopt;
    if (lexer.at() == entry.end) return number;
    return length_of ? length_of(static_cast<unsigned>(*number)) : std::nullopt;
  }
  return std::nullopt;
}

bool take_word(Lexer& lexer, std::string_view word) {
  const Token token = lexer.next();
  return token.kind == Kind::word && lexer.text(token) == word;
}

bool skip_stream(std::string_view bytes, Lexer& lexer, const RawObject& object, const LengthOf& length_of) {
  std::size_t at = lexer.at();
  if (at < bytes.size() && bytes[at] == '\r') ++at;
  if (at >= bytes.size() || bytes[at] != '\n') return false;
  ++at;
  const auto length = stream_length(bytes, object, length_of);
  if (!length || *length > bytes.size() - at) return false;
  lexer.move_to(at + *length);
  return take_word(lexer, "endstream");
}

// Comments between objects are let pass when no careless reader could take them for an object or a table.
bool skip_comments(std::string_view bytes, Lexer& lexer) {
  for (lexer.skip_space(); lexer.at() < bytes.size() && bytes[lexer.at()] == '%'; lexer.skip_space()) {
    std::size_t end = bytes.find_first_of("\r\n", lexer.at());
    if (end == std::string_view::npos) end = bytes.size();
    const std::string_view line = bytes.substr(lexer.at(), end - lexer.at());
    for (const std::string_view word : {"obj", "xref", "trailer", "%%EOF", "%PDF"}) {
      if (line.find(word) != std::string_view::npos) return false;
    }
    lexer.move_to(end);
  }
  return true;
}

bool skip_table(Lexer& lexer) {
  for (Token token = lexer.next();; token = lexer.next()) {
    if (token.kind == Kind::number ||
        (token.kind == Kind::word && (lexer.text(token) == "n" || lexer.text(token) == "f")))
      continue;
    if (token.kind != Kind::word || lexer.text(token) != "trailer") return false;
    const Token open = lexer.next();
    std::vector<RawEntry> entries;
    if (open.kind != Kind::dictionary_open || !read_dictionary(lexer, 0, &entries)) return false;
    // A table and a stream for the same revision: readers differ in which they believe.
    return std::none_of(entries.begin(), entries.end(), [](const RawEntry& one) { return one.key == "XRefStm"; });
  }
}

bool is_xref_stream(std::string_view bytes, const RawObject& object) {
  for (const RawEntry& entry : object.entries) {
    if (entry.key == "Type") return decoded_name(bytes.substr(entry.begin, entry.end - entry.begin)) == "XRef";
  }
  return false;
}

std::size_t behind_line_end(std::string_view bytes, std::size_t at) {
  if (at < bytes.size() && bytes[at] == '\r') ++at;
  if (at < bytes.size() && bytes[at] == '\n') ++at;
  return at;
}

std::optional<Increment> read_increment(std::string_view bytes, std::size_t from, const LengthOf& length_of) {
  Increment out;
  out.begin = from;
  Lexer lexer(bytes, from);
  std::optional<std::size_t> section;
  while (!section) {
    if (!skip_comments(bytes, lexer) || out.objects.size() > increment_objects_max) return std::nullopt;
    const std::size_t at = lexer.at();
    if (bytes.substr(at, 4) == "xref") {
      lexer.move_to(at + 4);
      if (!skip_table(lexer)) return std::nullopt;
      section = at;
      break;
    }
    auto object = read_raw_object(bytes, at, length_of);
    if (!object) return std::nullopt;
    lexer.move_to(object->end);
    if (is_xref_stream(bytes, *object)) section = at;
    out.objects.push_back(std::move(*object));
  }
  if (!skip_comments(bytes, lexer) || !take_word(lexer, "startxref")) return std::nullopt;
  const auto target = whole_number(lexer.text(lexer.next()));
  if (target != section) return std::nullopt;
  lexer.skip_space();
  if (bytes.substr(lexer.at(), 5) != "%%EOF") return std::nullopt;
  out.end = behind_line_end(bytes, lexer.at() + 5);
  return out;
}

}  // namespace

bool is_pdf_space(char c) {
  return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == '\0';
}

std::optional<RawObject> read_raw_object(std::string_view bytes, std::size_t at, const LengthOf& length_of) {
  if (at >= bytes.size() || bytes[at] < '0' || bytes[at] > '9') return std::nullopt;
  Lexer lexer(bytes, at);
  const auto number = whole_number(lexer.text(lexer.next()));
  const auto generation = whole_number(lexer.text(lexer.next()));
  constexpr std::size_t number_max = 8'388'607;  // ISO 32000-1, annex C.
  if (!number || !generation || *number > number_max || *generation > 65535 || !take_word(lexer, "obj")) {
    return std::nullopt;
  }
  RawObject out{static_cast<unsigned>(*number), static_cast<unsigned>(*generation), at, 0, {}, false};
  const Token first = lexer.next();
  if (!read_value(lexer, first, 0, &out.entries)) return std::nullopt;
  Token last = lexer.next();
  if (last.kind == Kind::word && lexer.text(last) == "stream") {
    out.is_stream = true;
    if (first.kind != Kind::dictionary_open || !skip_stream(bytes, lexer, out, length_of)) return std::nullopt;
    last = lexer.next();
  }
  if (last.kind != Kind::word || lexer.text(last) != "endobj") return std::nullopt;
  out.end = lexer.at();
  return out;
}

Increments read_increments(std::string_view bytes, std::size_t from, const LengthOf& length_of) {
  Increments out;
  for (std::size_t at = from; out.list.size() < increments_max;) {
    const std::size_t text = std::min(bytes.find_first_not_of(std::string_view(" \n\r\t\f\0", 6), at), bytes.size());
    if (text == bytes.size()) {
      out.complete = true;
      return out;
    }
    auto increment = read_increment(bytes, at, length_of);
    if (!increment) return out;
    at = increment->end;
    out.list.push_back(std::move(*increment));
  }
  return out;
}

std::optional<std::size_t> last_revision_end(std::string_view bytes) {
  std::size_t end = bytes.size();
  while (end > 0 && is_pdf_space(bytes[end - 1])) --end;
  if (end < 5 || bytes.substr(end - 5, 5) != "%%EOF") return std::nullopt;
  return end;
}

std::optional<std::size_t> last_startxref(std::string_view bytes) {
  const auto end = last_revision_end(bytes);
  if (!end) return std::nullopt;
  constexpr std::size_t tail_max = 64;
  const std::size_t from = *end > tail_max ? *end - tail_max : 0;
  const std::string_view tail = bytes.substr(from, *end - from);
  const std::size_t at = tail.rfind("startxref");
  if (at == std::string_view::npos) return std::nullopt;
  Lexer lexer(tail, at + 9);
  const auto number = whole_number(lexer.text(lexer.next()));
  lexer.skip_space();
  if (!number || lexer.at() + 5 != tail.size()) return std::nullopt;
  return number;
}

}  // namespace luy::signature
