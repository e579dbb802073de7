#include "finding/rule_text.h"

#include <algorithm>
#include <cctype>

#include "finding/attack.h"

namespace luy::finding {
namespace {

using detect::YamlNode;

constexpr std::string_view prefix = "attack.";

std::vector<std::string> list_at(const YamlNode& map, std::string_view key) {
  std::vector<std::string> out;
  const YamlNode* node = map.find(key);
  if (node == nullptr) return out;
  if (node->is_scalar() && !node->scalar.empty()) out.push_back(node->scalar);
  for (const YamlNode& item : node->items) {
    if (item.is_scalar() && !item.scalar.empty()) out.push_back(item.scalar);
  }
  return out;
}

// One list per language, side by side; where a language has fewer entries the other one stands in.
std::vector<Text> pair_up(const std::vector<std::string>& vi, const std::vector<std::string>& en) {
  std::vector<Text> out;
  for (std::size_t i = 0; i < std::max(vi.size(), en.size()); ++i) {
    const std::string& one_vi = i < vi.size() ? vi[i] : en[i];
    out.push_back({one_vi, i < en.size() ? en[i] : one_vi});
  }
  return out;
}

bool is_technique(std::string_view tag) {
  return tag.size() >= 5 && (tag[0] == 't' || tag[0] == 'T') &&
         std::all_of(tag.begin() + 1, tag.end(), [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
}

template <class Take>
std::vector<std::string> from_tags(const std::vector<std::string>& tags, Take take) {
  std::vector<std::string> out;
  for (const std::string& tag : tags) {
    if (!tag.starts_with(prefix)) continue;
    const std::string value = take(std::string_view(tag).substr(prefix.size()));
    if (!value.empty() && std::find(out.begin(), out.end(), value) == out.end()) out.push_back(value);
  }
  return out;
}

}  // namespace

RuleText read_rule_text(const YamlNode& document) {
  RuleText out;
  out.description = document.text("description");
  out.references = list_at(document, "references");
  const std::string title = document.text("title");
  const std::vector<std::string> false_positives = list_at(document, "falsepositives");
  const YamlNode* ours = document.find("luy");
  if (ours != nullptr && ours->is_map()) {
    out.vietnamese = true;
    const auto both = [&](std::string_view vi, std::string_view en, const std::string& otherwise) {
      Text text{ours->text(vi), ours->text(en)};
      if (text.en.empty()) text.en = otherwise;
      if (text.vi.empty()) text.vi = text.en;
      return text;
    };
    out.title = both("title_vi", "title_en", title);
    out.meaning = both("meaning_vi", "meaning_en", out.description);
    out.first_steps = pair_up(list_at(*ours, "first_steps_vi"), list_at(*ours, "first_steps_en"));
    const std::vector<std::string> en = list_at(*ours, "false_positives_en");
    out.false_positives = pair_up(list_at(*ours, "false_positives_vi"), en.empty() ? false_positives : en);
    out.articles = list_at(*ours, "articles");
    return out;
  }
  out.title = {title, title};
  out.meaning = {"Luật này được viết bằng tiếng Anh, chưa có bản tiếng Việt. Nguyên văn: " + out.description,
                 out.description};
  out.false_positives = pair_up(false_positives, false_positives);
  return out;
}

std::vector<std::string> techniques_of(const std::vector<std::string>& tags) {
  std::vector<std::string> out = from_tags(tags, [](std::string_view tag) {
    std::string id(is_technique(tag) ? tag : std::string_view());
    if (!id.empty()) id.front() = 'T';
    return std::string(present_id(id));
  });
  // Two ids of an earlier version may have become one.
  for (auto at = out.begin(); at != out.end();) at = std::find(out.begin(), at, *at) != at ? out.erase(at) : at + 1;
  return out;
}

std::vector<std::string> tactics_of(const std::vector<std::string>& tags) {
  return from_tags(tags, [](std::string_view tag) {
    // Groups and software are tagged "g0016" and "s0039".
    const bool word =
        tag.size() > 4 && std::none_of(tag.begin(), tag.end(), [](char c) { return c >= '0' && c <= '9'; });
    std::string out(word ? tag : std::string_view());
    std::replace(out.begin(), out.end(), '_', '-');
    return out;
  });
}

Severity severity_of(detect::Level level) {
  switch (level) {
    case detect::Level::informational:
      return Severity::informational;
    case detect::Level::low:
      return Severity::low;
    case detect::Level::high:
      return Severity::high;
    case detect::Level::critical:
      return Severity::critical;
    case detect::Level::none:
    case detect::Level::medium:
      break;
  }
  return Severity::medium;
}

}  // namespace luy::finding
