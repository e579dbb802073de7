// Reading of process.yaml. The code that reads a schema is the schema (regulation/map_reader.h).
#include <algorithm>
#include <charconv>
#include <set>
#include <utility>

#include "base/file.h"
#include "incident/process.h"
#include "incident/read_choice.h"
#include "regulation/load.h"
#include "regulation/map_reader.h"
#include "regulation/yaml_node.h"

namespace luy::incident {
namespace {

using regulation::Faults;
using regulation::MapReader;
using regulation::with_choices;
using regulation::YamlNode;

// The roles that may act on a case or sign a paper; the rest of the regulation's holders only read or answer.
constexpr std::string_view roles_known[] = {"system_admin", "security_officer", "agency_head", "staff",
                                            "town_office",  "culture_info",     "police",      "provincial_authority"};

class ProcessReader {
 public:
  ProcessReader(Faults& faults, const regulation::Pack& pack) : faults_(faults), pack_(pack) {}

  Process read(const YamlNode& root) {
    MapReader reader(root, faults_,
                     {"id",       "title",      "source",   "start",   "states",   "transitions", "papers",
                      "kinds",    "properties", "signs",    "harms",   "place",    "clocks",      "editions",
                      "conflict", "heads",      "handover", "receipt", "contacts", "providers"});
    out_.id = reader.text("id");
    out_.title = reader.both("title");
    out_.source = reader.both("source");
    read_states(reader);
    read_papers(reader);
    read_heads(reader);
    out_.kinds = read_choices(reader, "kinds", faults_);
    out_.properties = read_choices(reader, "properties", faults_);
    out_.signs = read_choices(reader, "signs", faults_);
    out_.harms = read_choices(reader, "harms", faults_);
    out_.place = reader.text("place");
    out_.start = one_of(reader, "start", state_ids());
    for (const YamlNode& node : reader.list("transitions")) read_transition(node);
    const std::vector<ClockRule> common = read_clocks(reader, {});
    for (const YamlNode& node : reader.list("editions")) read_edition(node, common);
    read_conflict(reader);
    MapReader handover(reader.map("handover"), faults_, {"harms", "limit", "source"});
    out_.handover.harms = some_of(handover, "harms", ids_of(out_.harms));
    out_.handover.limit = read_limit(handover);
    if (out_.handover.harms.empty()) handover.fault(regulation::missing_key, "harms", "harms");
    handover.both("source");
    MapReader receipt(reader.map("receipt"), faults_, {"roles", "source"});
    out_.receipt.roles = roles(receipt, "roles");
    if (out_.receipt.roles.empty()) receipt.fault(regulation::missing_key, "roles", "roles");
    receipt.both("source");
    read_contacts(reader);
    MapReader providers(reader.map("providers"), faults_, {"kinds", "limit", "parameter", "source"});
    read_provider_kinds(providers, pack_, out_.providers, faults_);
    out_.providers.limit = read_limit(providers);
    out_.providers.source = providers.both("source");
    check_graph(reader);
    check_editions(reader);
    return std::move(out_);
  }

 private:
  std::vector<std::string_view> state_ids() const {
    std::vector<std::string_view> ids;
    for (const ProcessState& state : out_.states) ids.push_back(state.id);
    return ids;
  }
  std::vector<std::string_view> form_ids() const {
    std::vector<std::string_view> ids;
    for (const PaperUse& paper : out_.papers) ids.push_back(paper.form);
    return ids;
  }

  std::string one_of(MapReader& reader, std::string_view key, const std::vector<std::string_view>& choices) {
    std::string written = reader.text(key);
    if (std::find(choices.begin(), choices.end(), written) == choices.end()) {
      reader.fault(regulation::unknown_name, key, with_choices(written, choices));
    }
    return written;
  }

  std::vector<std::string> some_of(MapReader& reader, std::string_view key,
                                   const std::vector<std::string_view>& choices) {
    std::vector<std::string> out;
    if (!reader.has(key)) return out;
    for (const YamlNode& node : reader.list(key)) {
      if (std::find(choices.begin(), choices.end(), node.scalar) == choices.end()) {
        faults_.add(regulation::unknown_name, node, with_choices(node.scalar, choices));
      }
      if (std::find(out.begin(), out.end(), node.scalar) != out.end()) {
        faults_.add(regulation::duplicate, node, node.scalar);
      }
      out.push_back(node.scalar);
    }
    return out;
  }

  std::vector<std::string> roles(MapReader& reader, std::string_view key) {
    return some_of(reader, key, {std::begin(roles_known), std::end(roles_known)});
  }

  bool flag(MapReader& reader, std::string_view key) {
    if (!reader.has(key)) return false;
    const std::string written = reader.text(key);
    if (written == "true") return true;
    if (written != "false") reader.fault(regulation::bad_value, key, with_choices(written, {"true", "false"}));
    return false;
  }

  unsigned number(MapReader& reader, std::string_view key, unsigned low, unsigned high) {
    const std::string written = reader.text(key);
    unsigned value = 0;
    const auto [end, error] = std::from_chars(written.data(), written.data() + written.size(), value);
    const bool whole = error == std::errc() && end == written.data() + written.size();
    if (whole && value >= low && value <= high) return value;
    const std::string range = std::to_string(low) + "–" + std::to_string(high);
    reader.fault(regulation::bad_value, key, with_choices(written, {range}));
    return low;
  }

  std::optional<Moment> optional_moment(MapReader& reader, std::string_view key) {
    if (!reader.has(key)) return std::nullopt;
    return reader.name<Moment>(key, moment_from_name, moment_count);
  }

  void read_states(MapReader& reader) {
    std::set<std::string> seen;
    for (const YamlNode& node : reader.list("states")) {
      MapReader state(node, faults_, {"id", "step", "end", "title"});
      ProcessState one;
      one.id = state.text("id");
      if (!regulation::is_slug(one.id)) state.fault(regulation::bad_value, "id", one.id);
      if (!seen.insert(one.id).second) state.fault(regulation::duplicate, "id", one.id);
      one.is_end = flag(state, "end");
      if (!one.is_end) one.step = number(state, "step", 1, 9);
      one.title = state.both("title");
      out_.states.push_back(std::move(one));
    }
  }

  void read_papers(MapReader& reader) {
    for (const YamlNode& node : reader.list("papers")) {
      MapReader paper(node, faults_, {"form", "title", "moment", "signed_by", "addressed", "owner", "period", "from"});
      PaperUse one{
          paper.text("form"), paper.both("title"), optional_moment(paper, "moment"), {}, flag(paper, "addressed")};
      if (out_.paper(one.form) != nullptr) paper.fault(regulation::duplicate, "form", one.form);
      if (paper.has("owner")) {
        one.owner = paper.name<PaperOwner>("owner", paper_owner_from_name, paper_owner_count);
        if (one.moment) paper.fault(regulation::bad_value, "moment", "moment, owner");
      }
      if (paper.has("period")) one.period = read_period(paper);
      if (paper.has("from")) {
        one.from = paper.text("from");
        if (out_.state(one.from) == nullptr) paper.fault(regulation::bad_value, "from", one.from);
      }
      const bool is_summary = one.owner == PaperOwner::period;
      if (one.period.has_value() != is_summary) paper.fault(regulation::missing_key, "period", "owner, period");
      for (const YamlNode& place : paper.list("signed_by")) one.signed_by.push_back(read_place(place));
      const auto& by = one.signed_by;
      if (std::none_of(by.begin(), by.end(), [](const SignPlace& place) { return place.is_awaited; })) {
        paper.fault(regulation::missing_key, "signed_by", "signed_by");
      }
      out_.papers.push_back(std::move(one));
    }
  }

  PeriodRule read_period(MapReader& paper) {
    MapReader reader(paper.map("period"), faults_, {"half", "longest", "computed"});
    const auto length = [&](std::string_view key) {
      const std::string written = reader.text(key);
      const auto limit = limit_from(written);
      if (limit && limit->unit == regulation::Unit::days) return days(limit->amount);
      reader.fault(regulation::bad_value, key, with_choices(written, {"184 days"}));
      return days(1);
    };
    PeriodRule out{length("half"), length("longest"), some_of(reader, "computed", {"count", "own", "helped", "asked"})};
    if (out.longest < out.half) reader.fault(regulation::bad_value, "longest", "half, longest");
    if (out.computed.empty()) reader.fault(regulation::missing_key, "computed", "computed");
    return out;
  }

  void read_heads(MapReader& reader) {
    for (const YamlNode& node : reader.list("heads")) {
      MapReader head(node, faults_, {"issuer", "authority"});
      HeadTitle one{head.optional_text("issuer").value_or(""), {}};
      for (const YamlNode& line : head.list("authority")) one.authority.push_back(line.scalar);
      out_.heads.push_back(std::move(one));
    }
    if (out_.heads.empty() || !out_.heads.back().issuer.empty()) {
      reader.fault(regulation::missing_key, "heads", "heads: {authority: […]}");
    }
  }

  // {role: …} or {person: …}. That the form has such a field is seen where forms are read (sign_order.h).
  SignPlace read_place(const YamlNode& node) {
    MapReader reader(node, faults_, {"role", "person", "awaited"});
    SignPlace one;
    if (reader.has("awaited")) one.is_awaited = flag(reader, "awaited");
    if (reader.has("role")) {
      one.role = one_of(reader, "role", {std::begin(roles_known), std::end(roles_known)});
    } else {
      one.person = reader.text("person");
    }
    if (reader.has("role") && reader.has("person")) reader.fault(regulation::bad_value, "person", "role, person");
    return one;
  }

  void read_transition(const YamlNode& node) {
    MapReader reader(
        node, faults_,
        {"event", "title", "from", "to", "moments", "beyond", "roles", "reason", "fields", "papers", "needs"});
    Transition one;
    one.event = reader.text("event");
    if (!regulation::is_slug(one.event)) reader.fault(regulation::bad_value, "event", one.event);
    if (out_.transition(one.event) != nullptr) reader.fault(regulation::duplicate, "event", one.event);
    one.title = reader.both("title");
    one.from = some_of(reader, "from", state_ids());
    if (one.from.empty()) reader.fault(regulation::missing_key, "from", "from");
    one.to = one_of(reader, "to", state_ids());
    if (reader.has("moments")) {
      for (const YamlNode& moment : reader.list("moments")) {
        one.moments.push_back(
            MapReader::name_at<Moment>(moment, moment.scalar, moment_from_name, moment_count, faults_));
      }
    }
    one.roles = roles(reader, "roles");
    if (one.roles.empty()) reader.fault(regulation::missing_key, "roles", "roles");
    one.is_beyond = flag(reader, "beyond");
    one.needs_reason = flag(reader, "reason");
    if (reader.has("fields")) {
      for (const YamlNode& field : reader.list("fields")) one.fields.push_back(read_field(field));
    }
    if (reader.has("papers")) {
      for (const YamlNode& paper : reader.list("papers")) one.papers.push_back(read_demand(paper));
    }
    if (reader.has("needs")) {
      for (const YamlNode& need : reader.list("needs")) {
        one.needs.push_back(MapReader::name_at<Need>(need, need.scalar, need_from_name, need_count, faults_));
      }
    }
    out_.transitions.push_back(std::move(one));
  }

  EventField read_field(const YamlNode& node) {
    MapReader reader(node, faults_, {"id", "type", "label"});
    EventField one;
    one.id = reader.text("id");
    const std::string type = one_of(reader, "type", {"text", "time", "case"});
    one.type = type == "time"   ? EventField::Type::time
               : type == "case" ? EventField::Type::case_id
                                : EventField::Type::text;
    one.label = reader.both("label");
    return one;
  }

  PaperDemand read_demand(const YamlNode& node) {
    MapReader reader(node, faults_, {"form", "signed_by", "delivered", "field", "is"});
    PaperDemand one;
    one.form = one_of(reader, "form", form_ids());
    one.signed_by = roles(reader, "signed_by");
    if (one.signed_by.empty()) reader.fault(regulation::missing_key, "signed_by", "signed_by");
    one.must_be_delivered = flag(reader, "delivered");
    one.field = reader.optional_text("field").value_or("");
    one.is = reader.optional_text("is").value_or("");
    if (one.field.empty() != one.is.empty()) reader.fault(regulation::missing_key, "field", "field, is");
    return one;
  }

  Condition read_condition(MapReader& reader, const std::vector<Choice>* severities) {
    Condition out;
    if (reader.has("level_min")) out.level_min = number(reader, "level_min", 1, 5);
    out.or_national = flag(reader, "or_national");
    out.harms = some_of(reader, "harms", ids_of(out_.harms));
    if (reader.has("beyond")) out.beyond = flag(reader, "beyond");
    if (reader.has("personal_data")) out.personal_data = flag(reader, "personal_data");
    if (severities == nullptr) return out;
    if (reader.has("severity")) out.severity = one_of(reader, "severity", ids_of(*severities));
    out.happened = optional_moment(reader, "happened");
    return out;
  }

  std::optional<Limit> parameter_limit(MapReader& reader) {
    const std::string written = reader.text("parameter");
    const std::size_t colon = std::min(written.find(':'), written.size());
    const regulation::Obligation* duty = pack_.obligation(written.substr(0, colon));
    const regulation::Parameter* found =
        duty == nullptr || colon == written.size() ? nullptr : duty->parameters.find(written.substr(colon + 1));
    if (found == nullptr) {
      reader.fault(regulation::unknown_name, "parameter", with_choices(written, {"<obligation>:<parameter>"}));
      return std::nullopt;
    }
    if (const auto* working = std::get_if<regulation::WorkingDays>(&found->value)) {
      return Limit{working->days, regulation::Unit::working_days};
    }
    if (const auto* time = std::get_if<Duration>(&found->value)) {
      return Limit{std::chrono::duration_cast<std::chrono::minutes>(*time).count(), regulation::Unit::minutes};
    }
    reader.fault(regulation::wrong_unit, "parameter", with_choices(written, {"minutes", "hours", "days"}));
    return std::nullopt;
  }

  // "72 hours", "1 working days".
  Limit read_limit(MapReader& reader) {
    if (reader.has("parameter")) return parameter_limit(reader).value_or(Limit{1, regulation::Unit::hours});
    const std::string written = reader.text("limit");
    if (const auto limit = limit_from(written)) return *limit;
    reader.fault(regulation::bad_value, "limit", with_choices(written, {"24 hours", "5 days", "1 working days"}));
    return {1, regulation::Unit::hours};
  }

  std::vector<ClockRule> read_clocks(MapReader& reader, const std::vector<Choice>& severities) {
    std::vector<ClockRule> out;
    for (const YamlNode& node : reader.list("clocks")) {
      MapReader clock(node, faults_,
                      {"id", "title", "source", "from", "until", "limit", "parameter", "at_once", "when", "valid_from",
                       "escalate"});
      ClockRule one;
      one.id = clock.text("id");
      one.title = clock.both("title");
      one.source = clock.both("source");
      one.from = clock.name<Moment>("from", moment_from_name, moment_count);
      one.until = clock.name<Moment>("until", moment_from_name, moment_count);
      one.limit = read_limit(clock);
      one.at_once = flag(clock, "at_once");
      one.valid_from = clock.optional_day("valid_from");
      if (clock.has("when")) {
        MapReader when(clock.map("when"), faults_,
                       {"level_min", "or_national", "harms", "beyond", "personal_data", "severity", "happened"});
        one.when = read_condition(when, &severities);
      }
      MapReader escalate(clock.map("escalate"), faults_, {"half", "hour", "overdue"});
      one.escalate = {roles(escalate, "half"), roles(escalate, "hour"), roles(escalate, "overdue")};
      if (one.escalate.overdue.empty()) escalate.fault(regulation::missing_key, "overdue", "overdue");
      for (const ClockRule& other : out) {
        if (other.id == one.id) clock.fault(regulation::duplicate, "id", one.id);
      }
      out.push_back(std::move(one));
    }
    return out;
  }

  void read_edition(const YamlNode& node, const std::vector<ClockRule>& common) {
    MapReader reader(node, faults_,
                     {"id", "title", "valid_from", "valid_to", "authority", "recipients", "severities",
                      "severity_source", "severity_rules", "clocks"});
    Edition one;
    one.id = reader.text("id");
    one.title = reader.both("title");
    one.valid_from = reader.day("valid_from");
    one.valid_to = reader.optional_day("valid_to");
    one.authority = reader.both("authority");
    for (const YamlNode& name : reader.list("recipients")) one.recipients.push_back(name.scalar);
    one.severities = read_choices(reader, "severities", faults_);
    one.severity_source = reader.both("severity_source");
    for (const YamlNode& rule : reader.list("severity_rules")) {
      MapReader rule_reader(rule, faults_,
                            {"severity", "level_min", "or_national", "harms", "beyond", "personal_data"});
      SeverityRule made;
      made.severity = one_of(rule_reader, "severity", ids_of(one.severities));
      made.when = read_condition(rule_reader, nullptr);
      one.severity_rules.push_back(std::move(made));
    }
    one.clocks = common;
    for (ClockRule& clock : read_clocks(reader, one.severities)) {
      for (const ClockRule& other : common) {
        if (other.id == clock.id) reader.fault(regulation::duplicate, "clocks", clock.id);
      }
      one.clocks.push_back(std::move(clock));
    }
    out_.editions.push_back(std::move(one));
  }

  void read_conflict(MapReader& reader) {
    MapReader conflict(reader.map("conflict"), faults_,
                       {"source", "stages", "tracing_stage", "remedy_stage", "exclusion_stage", "trace",
                        "exclusion_conditions", "plan", "result", "signed_by", "limits"});
    ConflictRules& rules = out_.conflict;
    rules.source = conflict.both("source");
    rules.stages = read_choices(conflict, "stages", faults_);
    const auto stages = ids_of(rules.stages);
    rules.tracing_stage = one_of(conflict, "tracing_stage", stages);
    rules.remedy_stage = one_of(conflict, "remedy_stage", stages);
    rules.exclusion_stage = one_of(conflict, "exclusion_stage", stages);
    for (const YamlNode& node : conflict.list("limits")) {
      MapReader limit(node, faults_, {"stage", "limit"});
      const std::string stage = one_of(limit, "stage", stages);
      if (!rules.limits.emplace(stage, read_limit(limit)).second) limit.fault(regulation::duplicate, "stage", stage);
    }
    rules.trace = read_choices(conflict, "trace", faults_);
    rules.exclusion_conditions = read_choices(conflict, "exclusion_conditions", faults_);
    rules.plan_form = conflict.text("plan");
    rules.result_form = conflict.text("result");
    rules.signed_by = one_of(conflict, "signed_by", {std::begin(roles_known), std::end(roles_known)});
  }

  void read_contacts(MapReader& reader) {
    MapReader contacts(reader.map("contacts"), faults_, {"kinds", "limit", "source"});
    out_.contacts.kinds = read_choices(contacts, "kinds", faults_);
    const Limit limit = read_limit(contacts);
    if (limit.unit != regulation::Unit::days) contacts.fault(regulation::wrong_unit, "limit", "365 days");
    out_.contacts.verify = days(limit.amount);
    out_.contacts.source = contacts.both("source");
  }

  void check_graph(MapReader& reader) {
    std::set<std::string> reached = {out_.start};
    for (bool grew = true; grew;) {
      grew = false;
      for (const Transition& one : out_.transitions) {
        const bool is_open = std::any_of(one.from.begin(), one.from.end(),
                                         [&](const std::string& from) { return reached.contains(from); });
        if (is_open && reached.insert(one.to).second) grew = true;
      }
    }
    for (const ProcessState& state : out_.states) {
      if (!reached.contains(state.id)) reader.fault(regulation::bad_value, "states", "'" + state.id + "' ✗ start");
      const bool has_way = std::any_of(out_.transitions.begin(), out_.transitions.end(), [&](const Transition& one) {
        return std::find(one.from.begin(), one.from.end(), state.id) != one.from.end();
      });
      if (!state.is_end && !has_way) reader.fault(regulation::bad_value, "states", "'" + state.id + "' → ?");
    }
    for (const Transition& one : out_.transitions) {
      const ProcessState* to = out_.state(one.to);
      if (to != nullptr && to->is_end && one.papers.empty() && !one.needs_reason) {
        reader.fault(regulation::bad_value, "transitions", one.event + ": papers, reason");
      }
    }
  }

  void check_editions(MapReader& reader) {
    for (std::size_t i = 0; i < out_.editions.size(); ++i) {
      const Edition& one = out_.editions[i];
      const bool is_last = i + 1 == out_.editions.size();
      const bool follows = is_last ? !one.valid_to || *one.valid_to >= one.valid_from
                                   : one.valid_to && *one.valid_to >= one.valid_from &&
                                         *one.valid_to + days(1) == out_.editions[i + 1].valid_from;
      if (!follows) reader.fault(regulation::bad_value, "editions", one.id + ": valid_from, valid_to");
    }
    if (out_.editions.empty()) reader.fault(regulation::missing_key, "editions", "editions");
  }

  Faults& faults_;
  const regulation::Pack& pack_;
  Process out_;
};

}  // namespace

std::optional<Limit> limit_from(std::string_view written) {
  constexpr std::int64_t amount_max = 3650;
  constexpr std::pair<std::string_view, regulation::Unit> units[] = {{"minutes", regulation::Unit::minutes},
                                                                     {"hours", regulation::Unit::hours},
                                                                     {"days", regulation::Unit::days},
                                                                     {"working days", regulation::Unit::working_days}};
  const std::size_t space = std::min(written.find(' '), written.size());
  std::int64_t amount = 0;
  const auto [end, error] = std::from_chars(written.data(), written.data() + space, amount);
  if (error != std::errc() || end != written.data() + space || amount < 1 || amount > amount_max) return std::nullopt;
  for (const auto& [name, unit] : units) {
    if (space != written.size() && written.substr(space + 1) == name) return Limit{amount, unit};
  }
  return std::nullopt;
}

std::vector<std::string_view> ids_of(const std::vector<Choice>& all) {
  std::vector<std::string_view> out;
  for (const Choice& one : all) out.push_back(one.id);
  return out;
}

Result<Process> parse_process(std::string_view file, std::string_view bytes, const regulation::Pack& pack) {
  LUY_TRY(const YamlNode root, regulation::parse_yaml(file, bytes));
  Faults faults{std::string(file)};
  Process out = ProcessReader(faults, pack).read(root);
  if (faults.first()) return *faults.first();
  return out;
}

Result<Process> load_process(const std::filesystem::path& pack_folder, const regulation::Pack& pack) {
  const std::filesystem::path file = pack_folder / "process.yaml";
  LUY_TRY(const std::string bytes, read_file(file, regulation::file_bytes_max));
  return parse_process(file.lexically_normal().string(), bytes, pack);
}

}  // namespace luy::incident
