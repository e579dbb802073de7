// Files of "key value" in the shapes that programs of Debian use.
#include <algorithm>
#include <map>

#include "hardening/readers/reading.h"
#include "hardening/readers/text.h"

namespace luy::hardening {
namespace {

bool is_wanted(std::string_view key, const Reading& reading) {
  return same_word(key, reading.key) || is_among(key, reading.also);
}

Answer with_fallback(std::optional<Value> value, const Reading& reading) {
  Answer out;
  if (value) {
    out.values.push_back(std::move(*value));
  } else if (reading.fallback) {
    out.values.push_back({*reading.fallback, {}, 0});
  }
  return out;
}

// *.conf of a folder, in order.
Result<std::vector<std::string>> parts_of(Machine& machine, const std::string& folder) {
  if (folder.empty()) return std::vector<std::string>();
  return files_of(machine, folder + "/*.conf");
}

std::pair<std::string_view, std::string_view> divided(std::string_view line) {
  const auto end = std::min(line.find_first_of(" \t="), line.size());
  std::string_view rest = trim(line.substr(end));
  if (rest.starts_with('=')) rest = trim(rest.substr(1));
  return {line.substr(0, end), rest};
}

void read_section_file(std::string_view text, const std::string& path, const Reading& reading, bool dashes_fold,
                       std::optional<Value>& found) {
  bool inside = false;
  for (const Line& line : lines_of(text, "#;")) {
    if (line.text.starts_with('[')) {
      inside = is_among(trim(line.text.substr(1, line.text.find(']') - 1)), reading.sections);
      continue;
    }
    const auto equals = line.text.find('=');
    std::string key(trim(line.text.substr(0, equals)));
    if (dashes_fold) std::replace(key.begin(), key.end(), '-', '_');
    if (!inside || !is_wanted(key, reading)) continue;
    const std::string_view value = equals == std::string_view::npos ? "" : trim(line.text.substr(equals + 1));
    found = Value{unquoted(value), path, line.number};
  }
}

// A word of a file of apt: a text within quotes, a bare word, or one of { } ;.
struct AptWord {
  std::string text;
  std::int64_t line = 0;
  bool mark = false;
};

std::vector<AptWord> apt_words(std::string_view text) {
  std::vector<AptWord> out;
  std::int64_t line = 1;
  std::size_t i = 0;
  const auto skip_to = [&](std::string_view end) {
    const auto found = text.find(end, i);
    const auto stop = found == std::string_view::npos ? text.size() : found + end.size();
    line += std::count(text.begin() + static_cast<std::ptrdiff_t>(i), text.begin() + static_cast<std::ptrdiff_t>(stop),
                       '\n');
    i = stop;
  };
  while (i < text.size()) {
    const std::string_view rest = text.substr(i);
    const char c = rest.front();
    if (c == '\n') {
      ++line;
      ++i;
    } else if (c == ' ' || c == '\t' || c == '\r') {
      ++i;
    } else if (rest.starts_with("/*")) {
      skip_to("*/");
    } else if (rest.starts_with("//") || (c == '#' && !rest.starts_with("#clear") && !rest.starts_with("#include"))) {
      skip_to("\n");
    } else if (c == '{' || c == '}' || c == ';') {
      out.push_back({std::string(1, c), line, true});
      ++i;
    } else if (c == '"') {
      const auto end = std::min(rest.find('"', 1), rest.size());
      out.push_back({std::string(rest.substr(1, end - 1)), line, false});
      i += std::min(end + 1, rest.size());
    } else {
      const auto end = std::min(rest.find_first_of(" \t\r\n;{}\""), rest.size());
      out.push_back({std::string(rest.substr(0, end)), line, false});
      i += end;
    }
  }
  return out;
}

void read_apt_file(std::string_view text, const std::string& path, const Reading& reading,
                   std::optional<Value>& found) {
  std::vector<std::string> scopes;
  std::vector<AptWord> statement;
  const auto name_of_statement = [&] {
    std::string name = joined(scopes, "::");
    if (!statement.empty()) name += (name.empty() ? "" : "::") + statement.front().text;
    return name;
  };
  for (AptWord& word : apt_words(text)) {
    if (!word.mark) {
      statement.push_back(std::move(word));
      continue;
    }
    if (word.text == "{") {
      scopes.push_back(statement.empty() ? std::string() : statement.front().text);
    } else if (word.text == "}") {
      if (!scopes.empty()) scopes.pop_back();
    } else if (statement.size() >= 2 && is_wanted(name_of_statement(), reading)) {
      found = Value{statement[1].text, path, statement.front().line};
    }
    statement.clear();
  }
}

}  // namespace

Result<Answer> read_login_defs(const Reading& reading, Machine& machine) {
  const std::string path = "/etc/login.defs";
  LUY_TRY(const auto text, machine.file(path));
  if (!text) return not_applicable("no_file");
  std::optional<Value> found;
  for (const Line& line : lines_of(*text)) {
    const auto words = words_of(line.text);
    if (words.size() >= 2 && words[0] == reading.key) found = Value{unquoted(words[1]), path, line.number};
  }
  return with_fallback(std::move(found), reading);
}

Result<Answer> read_words(const Reading& reading, Machine& machine) {
  LUY_TRY(const auto main, machine.file(reading.file));
  LUY_TRY(auto files, parts_of(machine, reading.folder));
  if (!main && files.empty()) return not_applicable("no_file");
  if (main) files.insert(files.begin(), reading.file);
  std::optional<Value> found;
  for (const std::string& path : files) {
    LUY_TRY(const auto text, machine.file(path));
    if (!text) continue;
    for (const Line& line : lines_of(*text, "#;!")) {
      const auto [key, value] = divided(line.text);
      if (is_wanted(key, reading)) found = Value{unquoted(value), path, line.number};
    }
  }
  return with_fallback(std::move(found), reading);
}

// my.cnf: a later value counts; the files of an "!includedir" are read where it stands.
Result<Answer> read_ini(const Reading& reading, Machine& machine) {
  LUY_TRY(const auto main, machine.file(reading.file));
  if (!main) return not_applicable("no_file");
  std::optional<Value> found;
  read_section_file(*main, reading.file, reading, true, found);
  for (const Line& line : lines_of(*main)) {
    if (!line.text.starts_with("!includedir")) continue;
    LUY_TRY(const auto files, files_of(machine, std::string(trim(line.text.substr(11))) + "/*.cnf"));
    for (const std::string& path : files) {
      LUY_TRY(const auto text, machine.file(path));
      if (text) read_section_file(*text, path, reading, true, found);
    }
  }
  return with_fallback(std::move(found), reading);
}

// systemd's way: *.conf of /usr/lib, /run and /etc in order of name, the later folder's file instead of an earlier
// one's of the same name, all of them after the main file. An empty value gives the default back.
Result<Answer> read_systemd_conf(const Reading& reading, Machine& machine) {
  LUY_TRY(const auto main, machine.file(reading.file));
  const std::string below = reading.file.substr(reading.file.find('/', 1)) + ".d";
  std::map<std::string, std::string> files;
  for (const char* root : {"/usr/lib", "/run", "/etc"}) {
    LUY_TRY(const auto parts, parts_of(machine, root + below));
    for (const std::string& path : parts) files[path.substr(path.rfind('/') + 1)] = path;
  }
  if (!main && files.empty()) return not_applicable("no_file");
  std::optional<Value> found;
  if (main) read_section_file(*main, reading.file, reading, false, found);
  for (const auto& [name, path] : files) {
    LUY_TRY(const auto text, machine.file(path));
    if (text) read_section_file(*text, path, reading, false, found);
  }
  if (found && found->text.empty()) found.reset();
  return with_fallback(std::move(found), reading);
}

Result<Answer> read_apt(const Reading& reading, Machine& machine) {
  LUY_TRY(const auto names, machine.source().folder("/etc/apt/apt.conf.d"));
  if (!names) return not_applicable("no_file");
  std::optional<Value> found;
  std::vector<std::string> files;
  for (const std::string& name : *names) {
    // apt reads names without an extension and those that end in ".conf"; copies that dpkg leaves are not read.
    const auto dot = name.find('.');
    if (dot == std::string::npos || name.substr(dot) == ".conf") files.push_back("/etc/apt/apt.conf.d/" + name);
  }
  files.emplace_back("/etc/apt/apt.conf");
  for (const std::string& path : files) {
    LUY_TRY(const auto text, machine.file(path));
    if (text) read_apt_file(*text, path, reading, found);
  }
  return with_fallback(std::move(found), reading);
}

}  // namespace luy::hardening
