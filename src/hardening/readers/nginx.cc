// nginx: a directive as it holds in every server and location, inherited from the block around it. Of add_header a
// block that has any of its own inherits none (ngx_http_headers_module).
#include <memory>

#include "hardening/readers/reading.h"
#include "hardening/readers/text.h"

namespace luy::hardening {
namespace {

constexpr const char* main_file = "/etc/nginx/nginx.conf";
constexpr const char* folder = "/etc/nginx/";

struct Directive {
  std::vector<std::string> words;
  std::string file;
  std::int64_t line = 0;
  std::vector<Directive> block;
  bool has_block = false;
};

struct Word {
  std::string text;
  std::int64_t line = 0;
  bool mark = false;  // One of { } ;
};

std::vector<Word> words_in(std::string_view text) {
  std::vector<Word> out;
  std::int64_t line = 1;
  std::size_t i = 0;
  while (i < text.size()) {
    const char c = text[i];
    if (c == '\n') {
      ++line;
      ++i;
    } else if (c == ' ' || c == '\t' || c == '\r') {
      ++i;
    } else if (c == '#') {
      i = std::min(text.find('\n', i), text.size());
    } else if (c == '{' || c == '}' || c == ';') {
      out.push_back({std::string(1, c), line, true});
      ++i;
    } else if (c == '"' || c == '\'') {
      std::string word;
      const std::int64_t begun = line;
      for (++i; i < text.size() && text[i] != c; ++i) {
        if (text[i] == '\\' && i + 1 < text.size()) ++i;
        if (text[i] == '\n') ++line;
        word += text[i];
      }
      ++i;
      out.push_back({std::move(word), begun, false});
    } else {
      // "${name}" is part of a word, braces and all.
      std::string word;
      while (i < text.size() && std::string_view(" \t\r\n;{}").find(text[i]) == std::string_view::npos) {
        if (text[i] == '$' && i + 1 < text.size() && text[i + 1] == '{') {
          while (i < text.size() && text[i] != '}') word += text[i++];
          if (i == text.size()) break;
        }
        word += text[i++];
      }
      out.push_back({std::move(word), line, false});
    }
  }
  return out;
}

class Parser {
 public:
  explicit Parser(Machine& machine) : machine_(machine) {}

  Result<bool> read(const std::string& path, int depth, std::vector<Directive>& out) {
    if (depth > include_depth_max || ++files_ > included_files_max) return Error(unreadable, path);
    LUY_TRY(const auto text, machine_.file(path));
    if (!text) return false;
    const auto words = words_in(*text);
    std::size_t at = 0;
    while (at < words.size()) {
      LUY_TRY_VOID(read_block(words, at, path, depth, 0, out));
      ++at;  // A brace too many: nginx would not start with it; the rest is read all the same.
    }
    return true;
  }

 private:
  Result<void> read_block(const std::vector<Word>& words, std::size_t& at, const std::string& path, int depth,
                          int level, std::vector<Directive>& out) {
    if (level > include_depth_max) return Error(unreadable, path);
    Directive one;
    for (; at < words.size(); ++at) {
      const Word& word = words[at];
      if (!word.mark) {
        if (one.words.empty()) one.line = word.line;
        one.words.push_back(word.text);
        continue;
      }
      if (word.text == "}") return {};
      one.file = path;
      if (word.text == "{") {
        ++at;
        one.has_block = true;
        LUY_TRY_VOID(read_block(words, at, path, depth, level + 1, one.block));
      }
      if (one.words.size() == 2 && one.words[0] == "include") {
        const std::string& target = one.words[1];
        LUY_TRY(const auto files, files_of(machine_, target.starts_with('/') ? target : folder + target));
        for (const std::string& file : files) LUY_TRY_VOID(read(file, depth + 1, out));
      } else if (!one.words.empty()) {
        out.push_back(std::move(one));
      }
      one = {};
    }
    return {};
  }

  Machine& machine_;
  std::size_t files_ = 0;
};

class Walk {
 public:
  explicit Walk(const Reading& reading) {
    const auto words = words_of(reading.key);
    name_ = words.front();
    if (words.size() > 1) first_argument_ = words[1];
  }

  void go(const std::vector<Directive>& block, std::optional<Value> inherited, bool is_server) {
    bool own_group = false;
    std::optional<Value> own;
    for (const Directive& one : block) {
      if (one.has_block || !same_word(one.words[0], name_)) continue;
      own_group = true;
      const bool fits_argument =
          first_argument_.empty() || (one.words.size() > 1 && same_word(one.words[1], first_argument_));
      if (!fits_argument) continue;
      const std::size_t skip = first_argument_.empty() ? 1 : 2;
      own = Value{
          joined({one.words.begin() + static_cast<std::ptrdiff_t>(std::min(skip, one.words.size())), one.words.end()},
                 " "),
          one.file, one.line};
    }
    const std::optional<Value> holds = own_group ? own : inherited;
    if (is_server) {
      servers_.push_back({holds, block.empty() ? Value{} : Value{{}, block.front().file, block.front().line}});
    } else if (own_group && seen_server_) {
      servers_.push_back({holds, {}});
    }
    for (const Directive& one : block) {
      if (!one.has_block) continue;
      const bool server = one.words[0] == "server";
      const bool inner = server || one.words[0] == "http" || one.words[0] == "location" || one.words[0] == "if";
      if (!inner) continue;
      const bool before = seen_server_;
      seen_server_ = seen_server_ || server;
      go(one.block, holds, server);
      if (one.words[0] == "http" && servers_.empty()) last_ = value_in(one.block);
      seen_server_ = before;
    }
  }

  Answer answer(const Reading& reading) && {
    Answer out;
    if (servers_.empty() && last_) out.values.push_back(std::move(*last_));
    if (servers_.empty() && out.values.empty() && reading.fallback) out.values.push_back({*reading.fallback, {}, 0});
    for (auto& [value, place] : servers_) {
      if (value) {
        out.values.push_back(std::move(*value));
      } else if (reading.fallback) {
        out.values.push_back({*reading.fallback, place.file, place.line});
      } else {
        // One server without it is as if nothing were written.
        return {};
      }
    }
    return out;
  }

 private:
  std::optional<Value> value_in(const std::vector<Directive>& block) const {
    std::optional<Value> found;
    for (const Directive& one : block) {
      if (one.has_block || !same_word(one.words[0], name_)) continue;
      if (!first_argument_.empty() && (one.words.size() < 2 || !same_word(one.words[1], first_argument_))) continue;
      const std::size_t skip = first_argument_.empty() ? 1 : 2;
      found = Value{
          joined({one.words.begin() + static_cast<std::ptrdiff_t>(std::min(skip, one.words.size())), one.words.end()},
                 " "),
          one.file, one.line};
    }
    return found;
  }

  std::string name_;
  std::string first_argument_;
  bool seen_server_ = false;
  std::vector<std::pair<std::optional<Value>, Value>> servers_;  // What holds, and where the server stands.
  std::optional<Value> last_;                                    // In http, where there is no server.
};

}  // namespace

Result<Answer> read_nginx(const Reading& reading, Machine& machine) {
  std::vector<Directive> all;
  Parser parser(machine);
  LUY_TRY(const bool is_there, parser.read(main_file, 0, all));
  if (!is_there) return not_applicable("no_file");
  Walk walk(reading);
  walk.go(all, std::nullopt, false);
  return std::move(walk).answer(reading);
}

}  // namespace luy::hardening
