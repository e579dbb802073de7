// Detection rules through the administration port: `luy rules list` and `luy rules import`.
#include "hub/state.h"

namespace luy::hub {

namespace json = boost::json;

Result<api::Response> Hub::State::list_rules() const {
  const finding::LibraryPointer library = rules->library();
  json::array list;
  for (const finding::RuleInfo& rule : library->rules) {
    list.push_back(json::object{{"id", rule.id},
                                {"title_vi", rule.title.vi},
                                {"title_en", rule.title.en},
                                {"level", finding::name_of(rule.severity)},
                                {"origin", finding::name_of(rule.origin)},
                                {"enabled", rules->enabled(rule)},
                                {"fed", finding::name_of(rules->fed(rule))},
                                {"hits_30d", findings->hits(rule.id).days_30}});
  }
  return api::json(json::object{{"rules", std::move(list)}, {"refused", library->refused.size()}});
}

Result<api::Response> Hub::State::import_rules(const AdminService::Query& query, const std::string& package) {
  const auto named = query.find("name");
  const std::string name = named == query.end() ? std::string() : named->second;
  const auto wanted = query.find("preview");
  if (wanted != query.end() && wanted->second == "1") {
    LUY_TRY(const auto imported, rules->preview(package, name));
    return api::json(finding::imported_json(imported, true));
  }
  directory::AuditEntry entry;
  entry.act = "rule_import";
  entry.object = "rules";
  LUY_TRY(const auto staged, rules->stage(package, name));
  json::array lessened(staged.brings.lessened.begin(), staged.brings.lessened.end());
  entry.after = {{"package", staged.package}, {"name", name}, {"bytes", package.size()}, {"gone", staged.brings.gone}};
  entry.after["lessened"] = std::move(lessened);
  LUY_TRY_VOID(rules->adopt(staged, "luy-hub", [&](records::Connection& c) {
    return core->directory().audit().note(c, directory::server_operator(), entry);
  }));
  static_cast<void>(core->directory().audit().deliver());
  return api::json(finding::imported_json(staged.brings, false));
}

void Hub::State::administer(AdminService::Dependencies& of_admin) {
  using Query = AdminService::Query;
  of_admin.handlers = {{"/admin/v1/check", [this](const Query&) { return check(); }},
                       {"/admin/v1/proof", [this](const Query& query) { return proof(query); }},
                       {"/admin/v1/rules", [this](const Query&) { return list_rules(); }}};
  of_admin.posts = {{"/admin/v1/rules/import",
                     [this](const Query& query, const std::string& package) { return import_rules(query, package); }}};
  for (const auto& one : desks) one->administer(of_admin);
}

}  // namespace luy::hub
