#include "finding/sign_text.h"

#include "base/check.h"
#include "detect/yaml.h"

namespace luy::finding {
namespace {

constexpr std::string_view file_name = "signs.yml";

std::vector<std::string> tags_of(const detect::YamlNode& document) {
  std::vector<std::string> out;
  if (const detect::YamlNode* tags = document.find("tags"); tags != nullptr) {
    for (const detect::YamlNode& tag : tags->items) out.push_back(tag.scalar);
  }
  return out;
}

// The words of a group key between its bars.
std::string_view word(std::string_view key, std::size_t index) {
  for (; index > 0; --index) {
    const std::size_t bar = key.find('|');
    if (bar == std::string_view::npos) return {};
    key.remove_prefix(bar + 1);
  }
  return key.substr(0, key.find('|'));
}

std::string_view service_sign(std::string_view sign, bool is_name) {
  if (sign == "slow") return "service_slow";
  if (sign == "changed") return is_name ? "service_dns_changed" : "service_changed";
  if (sign == "defaced") return "service_defaced";
  if (sign == "certificate") return "service_certificate";
  return "service_down";
}

bool lies_in_web_folder(const Finding& finding) {
  for (const Entity& entity : finding.entities) {
    if (entity.type != EntityType::file) continue;
    for (const std::string_view front : {"/var/www/", "/srv/www/", "/usr/share/nginx/"}) {
      if (entity.value.starts_with(front)) return true;
    }
  }
  return false;
}

}  // namespace

SignTexts builtin_signs() {
  const auto documents = detect::parse_yaml(file_name, builtin_signs_text());
  LUY_CHECK(documents);
  SignTexts out;
  for (const detect::YamlNode& document : *documents) {
    LUY_CHECK(document.is_map() && !document.text("id").empty());
    const bool is_new =
        out.emplace(document.text("id"), SignText{read_rule_text(document), techniques_of(tags_of(document))}).second;
    LUY_CHECK(is_new);
  }
  return out;
}

std::string_view sign_of(const Finding& finding, bool is_name) {
  const std::string_view key = finding.group_key;
  switch (finding.kind) {
    case Kind::rule:
      return "rule";
    case Kind::correlation:
      return "correlation";
    case Kind::probe:
      return service_sign(word(key, 2), is_name);
    case Kind::integrity:
      if (word(key, 1) == "mass") return "files_mass_changed";
      return lies_in_web_folder(finding) ? "web_file_changed" : "file_changed";
    case Kind::indicator:
      return word(key, 2) == "inventory" ? "indicator_in_inventory" : "indicator_in_logs";
    case Kind::silence:
      return word(key, 0) == "gap" ? "records_missing" : "source_silent";
    case Kind::saved_search:
      return "saved_search";
    case Kind::evidence:
      return word(key, 0) == "storage_forecast" ? "storage_forecast" : "storage_full";
    case Kind::hardening:
      return "device_hardening";
    case Kind::software:
      if (word(key, 1) == "remote_control") return "software_remote_control";
      if (word(key, 1) == "pirated") return "software_pirated";
      return word(key, 1) == "gate" ? "software_refused" : "software_unapproved";
    case Kind::premises:
      if (word(key, 1) == "support") return "equipment_unsupported";
      if (word(key, 1) == "wifi") return "wifi_attention";
      return word(key, 1) == "secret" ? "secret_device_seen" : "network_unknown";
    case Kind::account:
      break;
  }
  return "account_two_places";
}

void fill_up(RuleText& text, std::vector<std::string>& techniques, const SignText& sign) {
  if (text.meaning.vi.empty()) text.meaning = sign.text.meaning;
  if (text.first_steps.empty()) text.first_steps = sign.text.first_steps;
  if (text.false_positives.empty()) text.false_positives = sign.text.false_positives;
  if (text.articles.empty()) text.articles = sign.text.articles;
  if (techniques.empty()) techniques = sign.techniques;
}

}  // namespace luy::finding
