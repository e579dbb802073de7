// PAM stacks (pam.d(5)) and the two modules that decide about passwords: their own files count, and the arguments in
// the stack more. A module that is not in the stack does nothing, whatever its file says.
#include <algorithm>
#include <set>

#include "hardening/readers/reading.h"
#include "hardening/readers/text.h"

namespace luy::hardening {
namespace {

struct StackLine {
  std::string module;
  std::string control;
  std::vector<std::string> arguments;
  std::string file;
  std::int64_t line = 0;
};

// "[success=1 default=ignore]" is one word.
std::vector<std::string> stack_words(std::string_view line) {
  std::vector<std::string> out;
  while (!(line = trim(line)).empty()) {
    std::size_t end = 0;
    if (line.front() == '[') {
      const auto close = line.find(']');
      end = close == std::string_view::npos ? line.size() : close + 1;
    } else {
      end = std::min(line.find_first_of(" \t"), line.size());
    }
    out.emplace_back(line.substr(0, end));
    line.remove_prefix(end);
  }
  return out;
}

Result<void> read_stack(Machine& machine, const std::string& service, const std::string& type, int depth,
                        std::vector<StackLine>& out) {
  const std::string path = service.starts_with('/') ? service : "/etc/pam.d/" + service;
  if (depth > include_depth_max || out.size() > included_files_max) return Error(unreadable, path);
  LUY_TRY(const auto text, machine.file(path));
  if (!text) return {};
  for (const Line& line : lines_of(*text)) {
    const std::string_view content = line.text.substr(0, line.text.find('#'));
    const auto words = stack_words(content);
    if (words.size() == 2 && words[0] == "@include") {
      LUY_TRY_VOID(read_stack(machine, words[1], type, depth + 1, out));
      continue;
    }
    if (words.size() < 3) continue;
    const std::string_view of = std::string_view(words[0]).substr(words[0].starts_with('-') ? 1 : 0);
    if (!same_word(of, type)) continue;
    if (words[1] == "include" || words[1] == "substack") {
      LUY_TRY_VOID(read_stack(machine, words[2], type, depth + 1, out));
      continue;
    }
    const std::string module = words[2].substr(words[2].rfind('/') + 1);
    out.push_back({module, words[1], {words.begin() + 3, words.end()}, path, line.number});
  }
  return {};
}

Result<std::vector<StackLine>> modules_of(Machine& machine, const std::string& service, const std::string& type,
                                          const std::string& module) {
  std::vector<StackLine> all;
  LUY_TRY_VOID(read_stack(machine, service, type, 0, all));
  std::erase_if(all, [&](const StackLine& line) { return line.module != module; });
  return all;
}

std::optional<Value> argument_of(const StackLine& line, std::string_view key) {
  for (const std::string& argument : line.arguments) {
    if (argument == key) return Value{"yes", line.file, line.line};
    if (argument.size() > key.size() && argument.starts_with(key) && argument[key.size()] == '=') {
      return Value{argument.substr(key.size() + 1), line.file, line.line};
    }
  }
  return std::nullopt;
}

Result<std::optional<Value>> value_of(Machine& machine, const std::vector<std::string>& files, std::string_view key) {
  std::optional<Value> found;
  for (const std::string& path : files) {
    LUY_TRY(const auto text, machine.file(path));
    if (!text) continue;
    for (const Line& line : lines_of(*text)) {
      const auto end = std::min(line.text.find_first_of(" \t="), line.text.size());
      if (line.text.substr(0, end) != key) continue;
      std::string_view value = trim(line.text.substr(end));
      if (value.starts_with('=')) value = trim(value.substr(1));
      found = Value{value.empty() ? "yes" : std::string(value), path, line.number};
    }
  }
  return found;
}

}  // namespace

Result<Answer> read_pam(const Reading& reading, Machine& machine) {
  LUY_TRY(const auto there, machine.file("/etc/pam.d/" + reading.service));
  if (!there) return not_applicable("no_file");
  LUY_TRY(const auto modules, modules_of(machine, reading.service, reading.type, reading.module));
  Answer out;
  for (const StackLine& line : modules) {
    if (!reading.key.empty()) {
      if (auto value = argument_of(line, reading.key)) out.values.push_back(std::move(*value));
      continue;
    }
    std::string text = line.control;
    if (!line.arguments.empty()) text += " " + joined(line.arguments, " ");
    out.values.push_back({std::move(text), line.file, line.line});
  }
  if (out.values.empty() && !modules.empty() && reading.fallback) {
    out.values.push_back({*reading.fallback, modules.front().file, modules.front().line});
  }
  return out;
}

// pwquality.conf(5): the files of pwquality.conf.d are read first, then the file itself; arguments in the stack win.
// "classes" is no key of it but how many kinds of characters a password must have: minclass, or the number of credits
// below zero, whichever asks for more.
Result<Answer> read_pwquality(const Reading& reading, Machine& machine) {
  LUY_TRY(const auto modules, modules_of(machine, "common-password", "password", "pam_pwquality.so"));
  if (modules.empty()) return Answer{};
  LUY_TRY(auto files, files_of(machine, "/etc/security/pwquality.conf.d/*.conf"));
  files.emplace_back("/etc/security/pwquality.conf");
  const auto ask = [&](std::string_view key) -> Result<std::optional<Value>> {
    if (auto argument = argument_of(modules.front(), key)) return argument;
    return value_of(machine, files, key);
  };
  Answer out;
  if (reading.key == "classes") {
    LUY_TRY(const auto least, ask("minclass"));
    Value best{"0", modules.front().file, modules.front().line};
    std::int64_t classes = 0;
    if (least) {
      classes = number_of(least->text).value_or(0);
      best = *least;
    }
    std::int64_t credits = 0;
    Value place;
    for (const char* key : {"dcredit", "ucredit", "lcredit", "ocredit"}) {
      LUY_TRY(const auto credit, ask(key));
      if (!credit || number_of(credit->text).value_or(0) >= 0) continue;
      ++credits;
      place = *credit;
    }
    if (credits > classes) best = place;
    best.text = std::to_string(std::max(classes, credits));
    out.values.push_back(std::move(best));
    return out;
  }
  LUY_TRY(auto value, ask(reading.key));
  if (value) {
    out.values.push_back(std::move(*value));
  } else if (reading.fallback) {
    out.values.push_back({*reading.fallback, modules.front().file, modules.front().line});
  }
  return out;
}

// faillock.conf(5). Without "authfail" in the stack failures are not counted, and without "preauth" nobody is kept out.
Result<Answer> read_faillock(const Reading& reading, Machine& machine) {
  LUY_TRY(const auto modules, modules_of(machine, "common-auth", "auth", "pam_faillock.so"));
  const auto has = [&](const char* word) {
    return std::any_of(modules.begin(), modules.end(), [&](const StackLine& line) {
      return std::find(line.arguments.begin(), line.arguments.end(), word) != line.arguments.end();
    });
  };
  if (!has("preauth") || !has("authfail")) return Answer{};
  Answer out;
  for (const StackLine& line : modules) {
    if (auto value = argument_of(line, reading.key)) {
      out.values.push_back(std::move(*value));
      return out;
    }
  }
  LUY_TRY(auto value, value_of(machine, {"/etc/security/faillock.conf"}, reading.key));
  if (value) {
    out.values.push_back(std::move(*value));
  } else if (reading.fallback) {
    out.values.push_back({*reading.fallback, modules.front().file, modules.front().line});
  }
  return out;
}

}  // namespace luy::hardening
