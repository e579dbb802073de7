#include "software/mark.h"

#include <algorithm>
#include <array>

#include "base/check.h"

namespace luy::software {
namespace {

constexpr std::array<std::string_view, 2> mark_names = {"remote_control", "pirated"};
constexpr std::string_view blanks = " \t\r";
constexpr std::string_view between_words = "-_.+ ";

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

// Takes what stands before `end` off the front.
std::string_view cut(std::string_view& rest, char end) {
  const auto at = rest.find(end);
  const std::string_view out = rest.substr(0, at);
  rest.remove_prefix(at == std::string_view::npos ? rest.size() : at + 1);
  return out;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

}  // namespace

std::string_view name_of(Mark mark) {
  return mark_names.at(static_cast<std::size_t>(mark));
}

Result<MarkList> MarkList::read(std::string_view text) {
  MarkList out;
  for (int number = 1; !text.empty(); ++number) {
    std::string_view line = trimmed(cut(text, '\n'));
    if (line.empty() || line.front() == '#') continue;
    const std::string_view kind = trimmed(cut(line, '|'));
    const auto* const mark = std::find(mark_names.begin(), mark_names.end(), kind);
    MarkRule rule;
    rule.label = trimmed(cut(line, '|'));
    std::string_view names = trimmed(cut(line, '|'));
    rule.source = trimmed(line);
    if (mark == mark_names.end() || rule.label.empty() || names.empty() || rule.source.empty()) {
      return Error(marks_malformed, std::to_string(number));
    }
    rule.mark = static_cast<Mark>(mark - mark_names.begin());
    const std::size_t index = out.rules_.size();
    while (!names.empty()) {
      const std::string name = lower(cut(names, ' '));
      if (name.empty()) continue;
      if (name == "*" || name == "=") return Error(marks_malformed, std::to_string(number));
      if (name.front() == '=') {
        out.words_.emplace(name.substr(1), index);
      } else if (name.back() == '*') {
        out.beginnings_.push_back({name.substr(0, name.size() - 1), index});
      } else {
        out.names_.emplace(name, index);
      }
    }
    out.rules_.push_back(std::move(rule));
  }
  return out;
}

const MarkRule* MarkList::find(std::string_view name) const {
  const std::string wanted = lower(name);
  if (const auto found = names_.find(wanted); found != names_.end()) return &rules_[found->second];
  for (const Beginning& one : beginnings_) {
    if (wanted.starts_with(one.text)) return &rules_[one.rule];
  }
  std::string_view rest = wanted;
  while (!rest.empty()) {
    const auto end = rest.find_first_of(between_words);
    if (const auto found = words_.find(rest.substr(0, end)); found != words_.end()) return &rules_[found->second];
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  }
  return nullptr;
}

const MarkList& builtin_marks() {
  static const MarkList list = [] {
    auto read = MarkList::read(builtin_mark_text());
    LUY_CHECK_MSG(read.has_value(), "the list of marks is part of the program");
    return *std::move(read);
  }();
  return list;
}

}  // namespace luy::software
