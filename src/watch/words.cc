#include "watch/words.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <iterator>

#include "base/check.h"
#include "base/vietnamese.h"

namespace luy::watch {
namespace {

Result<std::vector<std::string>> list_of(const YAML::Node& node, const std::string& name) {
  std::vector<std::string> out;
  if (!node) return out;
  if (!node.IsSequence()) return Error(words_invalid, name);
  for (const YAML::Node& item : node) {
    if (!item.IsScalar() || out.size() >= words_max) return Error(words_invalid, name);
    std::string word = spoken(item.Scalar());
    if (word.size() < 4) return Error(words_invalid, name + ": '" + item.Scalar() + "'");
    out.push_back(std::move(word));
  }
  return out;
}

std::set<std::string> minus(const std::set<std::string>& a, const std::set<std::string>& b) {
  std::set<std::string> out;
  std::set_difference(a.begin(), a.end(), b.begin(), b.end(), std::inserter(out, out.end()));
  return out;
}

}  // namespace

std::string spoken(std::string_view text) {
  const std::string folded = fold_vietnamese(text);
  std::string out = " ";
  for (const char c : folded) {
    const auto u = static_cast<unsigned char>(c);
    const bool word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || u >= 0x80;
    if (word) {
      out += c;
    } else if (out.back() != ' ') {
      out += ' ';
    }
  }
  if (out.back() != ' ') out += ' ';
  return out;
}

Result<Words> Words::parse(const std::string& yaml) {
  if (yaml.size() > words_bytes_max) return Error(words_invalid, "too long");
  if (yaml.find('&') != std::string::npos) return Error(words_invalid, "&");  // No anchors, so no aliases.
  Words words;
  try {
    const YAML::Node root = YAML::Load(yaml);
    if (!root.IsMap()) return Error(words_invalid, "strong, weak");
    LUY_TRY(words.strong_, list_of(root["strong"], "strong"));
    LUY_TRY(words.weak_, list_of(root["weak"], "weak"));
  } catch (const YAML::Exception& error) {
    return Error(words_invalid, error.what());
  }
  return words;
}

Words Words::builtin() {
  return parse(std::string(builtin_words_text())).value();
}

Words::Found Words::Found::without(const Found& known) const {
  return {minus(strong, known.strong), minus(weak, known.weak)};
}

std::vector<std::string> Words::Found::all() const {
  std::vector<std::string> out(strong.begin(), strong.end());
  out.insert(out.end(), weak.begin(), weak.end());
  return out;
}

void Words::find(std::string_view text, Found& found) const {
  const auto look = [&](const std::vector<std::string>& list, std::set<std::string>& into) {
    for (const std::string& word : list) {
      if (text.find(word) != std::string_view::npos) into.insert(word.substr(1, word.size() - 2));
    }
  };
  look(strong_, found.strong);
  look(weak_, found.weak);
}

}  // namespace luy::watch
