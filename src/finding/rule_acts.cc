// What a second person agrees to: switching off a rule above medium, an exception from one, deleting one, a newer text
// or a package that makes one less.
#include "finding/api.h"
#include "finding/handlers/values.h"

namespace luy::finding {
namespace {

using directory::Action;
using directory::AuditEntry;
using directory::Caller;
namespace json = boost::json;

// An act names what it would take away, computed each time it is carried out: when rules were switched or changed since
// it was asked for and it would take away others, it is outdated.

using Run = std::function<Result<json::object>(records::Connection&, const Caller&, const json::object&, AuditEntry&)>;

void describe(AuditEntry& entry, const json::object& body) {
  entry.object = "rule:" + text_at(body, "rule");
  for (const char* key : {"rule", "title", "reason"}) {
    if (body.contains(key)) entry.after[key] = text_at(body, key);
  }
}

Run disable(const RuleActs& d) {
  return [d](records::Connection& c, const Caller& caller, const json::object& body,
             AuditEntry& entry) -> Result<json::object> {
    LUY_TRY_VOID(caller.require(Action::rule_disable, d.hub_object()));
    describe(entry, body);
    entry.after["enabled"] = false;
    const Switched wanted{false, text_at(body, "reason"), text_at(body, "by"), d.clock.now()};
    LUY_TRY_VOID(d.rules.switch_in(c, text_at(body, "rule"), wanted));
    return json::object();
  };
}

Run except(const RuleActs& d) {
  return [d](records::Connection& c, const Caller& caller, const json::object& body,
             AuditEntry& entry) -> Result<json::object> {
    RuleException wanted;
    wanted.rule = text_at(body, "rule");
    wanted.agency = AgencyId::parse(text_at(body, "agency"));
    directory::Object place = d.hub_object();
    if (wanted.agency) place.agencies = d.lineage(*wanted.agency);
    LUY_TRY_VOID(caller.require(Action::rule_disable, place));
    wanted.filter = text_at(body, "filter");
    wanted.reason = text_at(body, "reason");
    wanted.by = text_at(body, "by");
    const auto expires = from_rfc3339(text_at(body, "expires_at"));
    if (!expires) return Error(bad_exception, "expires_at");
    wanted.expires_at = *expires;
    describe(entry, body);
    for (const char* key : {"agency", "filter", "expires_at"}) {
      if (body.contains(key)) entry.after[key] = text_at(body, key);
    }
    LUY_TRY(const RuleException added, d.rules.except_in(c, std::move(wanted)));
    return json::object{{"exception", added.id.text()}};
  };
}

Run remove(const RuleActs& d) {
  return [d](records::Connection& c, const Caller& caller, const json::object& body,
             AuditEntry& entry) -> Result<json::object> {
    LUY_TRY_VOID(caller.require(Action::rule_disable, d.hub_object()));
    describe(entry, body);
    entry.after["deleted"] = true;
    LUY_TRY_VOID(d.rules.check_current_in(c));
    LUY_TRY(const RuleBook::Lessened lessened, d.rules.lessened_by_removing(text_at(body, "rule")));
    entry.after["lessened"] = list_json(lessened);
    LUY_TRY_VOID(d.rules.remove_local_in(c, text_at(body, "rule"), text_at(body, "by")));
    return json::object();
  };
}

Run save(const RuleActs& d) {
  return [d](records::Connection& c, const Caller& caller, const json::object& body,
             AuditEntry& entry) -> Result<json::object> {
    LUY_TRY_VOID(caller.require(Action::rule_disable, d.hub_object()));
    describe(entry, body);
    const LibraryPointer library = d.rules.library();
    const std::string id = text_at(body, "rule");
    entry.before["version"] = d.rules.version(id);
    if (const RuleInfo* known = library->find(id)) entry.before["level"] = name_of(known->severity);
    for (const char* key : {"level", "yaml"}) entry.after[key] = text_at(body, key);
    LUY_TRY_VOID(d.rules.check_current_in(c));
    LUY_TRY(const RuleBook::Saving saving, d.rules.saving(text_at(body, "yaml")));
    entry.after["lessened"] = list_json(saving.lessened);
    LUY_TRY(const std::string saved, d.rules.save_local_in(c, text_at(body, "yaml"), text_at(body, "by")));
    return json::object{{"id", saved}};
  };
}

Run import(const RuleActs& d) {
  return [d](records::Connection& c, const Caller& caller, const json::object& body,
             AuditEntry& entry) -> Result<json::object> {
    LUY_TRY_VOID(caller.require(Action::rule_disable, d.hub_object()));
    entry.object = "rules";
    entry.before["package"] = d.rules.package();
    for (const char* key : {"package", "name", "bytes", "gone"}) entry.after[key] = body.at(key);
    LUY_TRY_VOID(d.rules.check_current_in(c));
    LUY_TRY(const RuleBook::Lessened lessened, d.rules.lessened_by_adopting(text_at(body, "package")));
    entry.after["lessened"] = list_json(lessened);
    LUY_TRY_VOID(d.rules.adopt_in(c, text_at(body, "package"), text_at(body, "by")));
    return json::object();
  };
}

}  // namespace

std::vector<std::pair<std::string_view, directory::ActKind>> rule_acts(const RuleActs& d) {
  return {{rule_disable_act, {Action::rule_disable, disable(d)}},
          {rule_exception_act, {Action::rule_disable, except(d)}},
          {rule_delete_act, {Action::rule_disable, remove(d)}},
          {rule_save_act, {Action::rule_disable, save(d)}},
          {rule_import_act, {Action::rule_disable, import(d)}}};
}

}  // namespace luy::finding
