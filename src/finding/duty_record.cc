#include "finding/duty_record.h"

#include <algorithm>
#include <set>

#include "base/check.h"
#include "detect/pipeline.h"
#include "detect/yaml.h"

namespace luy::finding {
namespace {

constexpr std::string_view file_name = "duty_records.yml";

std::vector<std::string> list_at(const detect::YamlNode& node, std::string_view key) {
  std::vector<std::string> out;
  const detect::YamlNode* list = node.find(key);
  LUY_CHECK(list != nullptr && list->is_list());
  for (const detect::YamlNode& item : list->items) out.push_back(item.scalar);
  return out;
}

bool share(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return std::any_of(a.begin(), a.end(),
                     [&](const auto& one) { return std::find(b.begin(), b.end(), one) != b.end(); });
}

// "T1071.001" is a part of "T1071".
bool names_any(const std::vector<std::string>& techniques, const std::vector<std::string>& wanted) {
  return std::any_of(techniques.begin(), techniques.end(), [&](const std::string& one) {
    const std::string whole = one.substr(0, one.find('.'));
    return std::find(wanted.begin(), wanted.end(), whole) != wanted.end();
  });
}

Traits traits_of(const RuleInfo& rule) {
  return {rule.severity, rule.articles, rule.techniques, rule.tactics};
}

std::vector<std::vector<std::string>> sources_of(const RuleInfo& rule) {
  std::set<std::vector<std::string>> out;
  for (const auto& [id, source] : rule.sources()) out.insert({source.category, source.product, source.service});
  return {out.begin(), out.end()};
}

void count(DeviceDetections& out, const FindingPointer& finding, Time oldest) {
  if (!is_dealt_with(*finding)) {
    ++out.waiting;
    if (!out.urgent || finding->opened_at < out.urgent->opened_at) out.urgent = finding;
    return;
  }
  if (!finding->state_at || *finding->state_at < oldest) return;
  ++out.handled;
  if (!out.newest || *out.newest->state_at < *finding->state_at) out.newest = finding;
}

// Of what a rule reads, the source that came least recently: without it the rule reports nothing any more. nullopt: one
// of them did not come.
std::optional<SourceSeen> read_by(const std::vector<std::vector<std::string>>& sources,
                                  const std::vector<SourceSeen>& seen) {
  std::optional<SourceSeen> out;
  for (const std::vector<std::string>& source : sources) {
    const detect::LogSource wanted{source[0], source[1], source[2]};
    const SourceSeen* newest = nullptr;
    for (const SourceSeen& one : seen) {
      if (detect::is_for(wanted, one.label) && (newest == nullptr || newest->last < one.last)) newest = &one;
    }
    if (newest == nullptr) return std::nullopt;
    if (!out || newest->last < out->last) out = *newest;
  }
  return out;
}

}  // namespace

bool DutyKind::takes(const Traits& traits) const {
  if (traits.severity < from) return false;
  if (traits.articles.empty()) return names_any(traits.techniques, techniques) || share(traits.tactics, tactics);
  return share(traits.articles, articles) && (techniques.empty() || names_any(traits.techniques, techniques));
}

std::vector<DutyKind> builtin_duty_kinds() {
  const auto documents = detect::parse_yaml(file_name, builtin_duty_records_text());
  LUY_CHECK(documents && documents->size() == 1);
  const detect::YamlNode& root = documents->front();
  std::vector<DutyKind> out;
  for (std::size_t i = 0; i < root.keys.size(); ++i) {
    const detect::YamlNode& node = root.items[i];
    const auto from = severity_from_name(node.text("from"));
    LUY_CHECK(from);
    out.push_back(
        {root.keys[i], *from, list_at(node, "articles"), list_at(node, "techniques"), list_at(node, "tactics")});
  }
  return out;
}

bool is_dealt_with(const Finding& finding) {
  if (finding.state == State::acknowledged) return !finding.reason.empty();
  return finding.state != State::fresh;
}

DutyDetections::DutyDetections(const Book& book, const RuleBook& rules, const SourceBook& sources, const Clock& clock)
    : book_(book), rules_(rules), sources_(sources), clock_(clock) {}

void DutyDetections::read_rules() {
  if (library_ && revision_ == rules_.revision()) return;
  revision_ = rules_.revision();
  library_ = rules_.library();
  wanted_.assign(kinds_.size(), {});
  for (const RuleInfo& rule : library_->rules) {
    if (!rules_.enabled(rule)) continue;
    const Traits traits = traits_of(rule);
    for (std::size_t i = 0; i < kinds_.size(); ++i) {
      if (kinds_[i].takes(traits)) ++wanted_[i][sources_of(rule)];
    }
  }
}

std::vector<std::size_t> DutyDetections::kinds_of(const Finding& finding) const {
  const RuleInfo* rule = finding.rule ? library_->find(finding.rule->id) : nullptr;
  Traits traits;
  if (rule != nullptr) {
    traits = traits_of(*rule);
  } else {
    const SignText& sign = signs_.find(sign_of(finding, false))->second;
    traits.articles = sign.text.articles;
    traits.techniques = sign.techniques;
  }
  traits.severity = finding.severity;
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < kinds_.size(); ++i) {
    if (kinds_[i].takes(traits)) out.push_back(i);
  }
  return out;
}

void DutyDetections::watch(const DeviceId& device, std::map<std::string, DeviceDetections>& out) const {
  const std::vector<SourceSeen> seen = sources_.of(device);
  for (std::size_t i = 0; i < kinds_.size(); ++i) {
    DeviceDetections& of_kind = out[kinds_[i].record];
    for (const auto& [sources, rules] : wanted_[i]) {
      const auto log = read_by(sources, seen);
      if (!log) continue;
      of_kind.rules += rules;
      if (!of_kind.log || of_kind.log->last < log->last) of_kind.log = log;
    }
  }
}

std::map<DeviceId, std::map<std::string, DeviceDetections>> DutyDetections::of(const AgencyId& agency,
                                                                               std::span<const DeviceId> devices) {
  read_rules();
  std::map<DeviceId, std::map<std::string, DeviceDetections>> out;
  for (const DeviceId& device : devices) watch(device, out[device]);
  const Time oldest = clock_.now() - detection_days;
  for (const FindingPointer& finding : book_.of_agency(agency)) {
    std::set<DeviceId> concerned;
    if (finding->device) concerned.insert(*finding->device);
    for (const Entity& entity : finding->entities) {
      const auto device = entity.type == EntityType::device ? DeviceId::parse(entity.value) : std::nullopt;
      if (device) concerned.insert(*device);
    }
    if (concerned.empty()) continue;
    for (const std::size_t kind : kinds_of(*finding)) {
      for (const DeviceId& device : concerned) {
        const auto found = out.find(device);
        if (found != out.end()) count(found->second[kinds_[kind].record], finding, oldest);
      }
    }
  }
  return out;
}

}  // namespace luy::finding
