#include "detect/pattern.h"

#include <algorithm>
#include <cctype>

#include "base/utf8.h"
#include "detect/fold.h"

namespace luy::detect {
namespace {

using Kind = Pattern::Kind;

bool is_word(std::string_view character) {
  if (character.empty()) return false;
  const auto byte = static_cast<unsigned char>(character.front());
  if (byte < 0x80) return std::isalnum(byte) != 0 || byte == '_';
  return dash_size(character) == 0;  // Letters of other scripts; only the dashes matter here.
}

// Bytes the piece takes off the front of `rest`; nullopt when it does not match. Never called on a run.
std::optional<std::size_t> take(const Pattern::Piece& piece, std::string_view rest) {
  switch (piece.kind) {
    case Kind::text:
      return rest.starts_with(piece.text) ? std::optional(piece.text.size()) : std::nullopt;
    case Kind::any_one:
      return rest.empty() ? std::nullopt : std::optional(std::max<std::size_t>(utf8_character(rest), 1));
    case Kind::dash:
      if (const std::size_t size = dash_size(rest); size != 0) return size;
      return std::nullopt;
    case Kind::any_run:
      break;
  }
  return std::nullopt;
}

// Where, from `from` on, what stands behind a run can begin: leaps to the next place of a text.
std::size_t next_place(const Pattern::Piece& piece, std::string_view text, std::size_t from) {
  return piece.kind == Kind::text ? text.find(piece.text, from) : from;
}

}  // namespace

void Pattern::add(Kind kind) {
  if (kind == Kind::any_run && !pieces.empty() && pieces.back().kind == Kind::any_run) return;
  pieces.push_back({kind, {}});
}

void Pattern::add_text(std::string_view text) {
  if (text.empty()) return;
  if (pieces.empty() || pieces.back().kind != Kind::text) pieces.push_back({Kind::text, {}});
  pieces.back().text += text;
}

void Pattern::prepend_run() {
  if (!pieces.empty() && pieces.front().kind == Kind::any_run) return;
  pieces.insert(pieces.begin(), {Kind::any_run, {}});
}

std::optional<std::string> Pattern::plain() const {
  if (pieces.empty()) return std::string();
  if (pieces.size() == 1 && pieces.front().kind == Kind::text) return pieces.front().text;
  return std::nullopt;
}

void Pattern::fold() {
  for (Piece& piece : pieces) piece.text = detect::fold(piece.text);
}

std::string Pattern::key() const {
  std::string out;
  for (const Piece& piece : pieces) {
    // A length before each text keeps "a?" apart from an 'a' and a wildcard.
    out += static_cast<char>('0' + static_cast<int>(piece.kind));
    if (piece.kind == Kind::text) out += std::to_string(piece.text.size()) + ":" + piece.text;
  }
  return out;
}

Pattern parse_pattern(std::string_view text) {
  Pattern out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\\' && i + 1 < text.size() && (text[i + 1] == '*' || text[i + 1] == '?' || text[i + 1] == '\\')) {
      out.add_text(text.substr(++i, 1));
    } else if (c == '*') {
      out.add(Kind::any_run);
    } else if (c == '?') {
      out.add(Kind::any_one);
    } else {
      out.add_text(text.substr(i, 1));
    }
  }
  return out;
}

Pattern literal_pattern(std::string_view text) {
  Pattern out;
  out.add_text(text);
  return out;
}

Pattern with_dashes(const Pattern& pattern) {
  Pattern out;
  std::string before;  // The last character of the text so far; empty at the start and after a wildcard.
  for (const Pattern::Piece& piece : pattern.pieces) {
    if (piece.kind != Kind::text) {
      out.add(piece.kind);
      before.clear();
      continue;
    }
    std::string_view rest = piece.text;
    while (!rest.empty()) {
      const std::size_t size = std::max<std::size_t>(utf8_character(rest), 1);
      const bool flag = dash_size(rest) != 0 && !is_word(before) && is_word(rest.substr(size));
      if (flag) {
        out.add(Kind::dash);
      } else {
        out.add_text(rest.substr(0, size));
      }
      before = rest.substr(0, size);
      rest.remove_prefix(size);
    }
  }
  return out;
}

std::size_t dash_size(std::string_view text) {
  if (text.empty()) return 0;
  if (text.front() == '-' || text.front() == '/') return 1;
  const bool unicode =
      text.size() >= 3 && text[0] == '\xE2' && text[1] == '\x80' && text[2] >= '\x93' && text[2] <= '\x95';
  return unicode ? 3 : 0;
}

bool matches(const Pattern& pattern, std::string_view text) {
  const std::vector<Pattern::Piece>& pieces = pattern.pieces;
  constexpr std::size_t none = std::string_view::npos;
  std::size_t at = 0;
  std::size_t i = 0;
  // Where to go on when a piece after the last run fails: only the last run ever needs to grow.
  std::size_t retry = none;
  std::size_t retry_from = 0;
  for (;;) {
    if (at < pieces.size() && pieces[at].kind == Kind::any_run) {
      if (++at == pieces.size()) return true;
      retry = at;
      i = retry_from = next_place(pieces[at], text, i);
      if (i == none) return false;
    }
    if (at == pieces.size() && i == text.size()) return true;
    if (at < pieces.size()) {
      if (const auto size = take(pieces[at], text.substr(i)); size) {
        i += *size;
        ++at;
        continue;
      }
    }
    if (retry == none || retry_from >= text.size()) return false;
    retry_from += std::max<std::size_t>(utf8_character(text.substr(retry_from)), 1);
    i = retry_from = next_place(pieces[retry], text, retry_from);
    if (i == none) return false;
    at = retry;
  }
}

}  // namespace luy::detect
