#include "finding/store/rule_tables.h"

namespace luy::finding::tables {
namespace {

// The same, whether a statement answers rows or a number of them.
Result<void> run(records::Connection& c, std::string_view sql, std::initializer_list<records::Param> params = {}) {
  LUY_TRY_VOID(c.run(sql, params));
  return {};
}

std::string_view view(const std::string& text) {
  return text;
}

}  // namespace

Result<std::uint64_t> revision(records::Connection& c) {
  std::uint64_t out = 0;
  LUY_TRY_VOID(c.query("SELECT number FROM finding_revision", {},
                       [&](const records::Row& row) { out = static_cast<std::uint64_t>(row.integer(0)); }));
  return out;
}

Result<void> next_revision(records::Connection& c) {
  return run(c, "UPDATE finding_revision SET number = number + 1");
}

Result<void> load_switches(records::Connection& c, std::map<std::string, Switched>& out) {
  return c.query("SELECT rule, enabled, reason, by_name, at FROM finding_switch", {}, [&](const records::Row& row) {
    out[std::string(row.text(0))] = {row.integer(1) != 0, std::string(row.text(2)), std::string(row.text(3)),
                                     from_micros(row.integer(4))};
  });
}

Result<void> save_switch(records::Connection& c, const std::string& rule, const Switched& switched) {
  return run(c,
             "INSERT INTO finding_switch (rule, enabled, reason, by_name, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT "
             "(rule) DO UPDATE SET enabled = excluded.enabled, reason = excluded.reason, by_name = excluded.by_name, "
             "at = excluded.at",
             {view(rule), std::int64_t{switched.enabled ? 1 : 0}, view(switched.reason), view(switched.by),
              to_micros(switched.at)});
}

Result<void> load_exceptions(records::Connection& c, std::vector<RuleException>& out) {
  return c.query("SELECT id, rule, agency, filter, reason, by_name, at, expires_at FROM finding_exception ORDER BY id",
                 {}, [&](const records::Row& row) {
                   RuleException one;
                   one.id = ExceptionId::trusted(row.text(0));
                   one.rule = row.text(1);
                   if (!row.null(2)) one.agency = AgencyId::parse(row.text(2));
                   one.filter = row.text(3);
                   one.reason = row.text(4);
                   one.by = row.text(5);
                   one.at = from_micros(row.integer(6));
                   one.expires_at = from_micros(row.integer(7));
                   out.push_back(std::move(one));
                 });
}

Result<void> save_exception(records::Connection& c, const RuleException& one) {
  const records::Param agency = one.agency ? records::Param(view(one.agency->text())) : records::Param(records::Null{});
  return run(c,
             "INSERT INTO finding_exception (id, rule, agency, filter, reason, by_name, at, expires_at) VALUES ($1, "
             "$2, $3, $4, $5, $6, $7, $8)",
             {view(one.id.text()), view(one.rule), agency, view(one.filter), view(one.reason), view(one.by),
              to_micros(one.at), to_micros(one.expires_at)});
}

Result<void> remove_exception(records::Connection& c, const ExceptionId& id) {
  return run(c, "DELETE FROM finding_exception WHERE id = $1", {view(id.text())});
}

Result<void> load_local(
    records::Connection& c,
    const std::function<void(const std::string& rule, std::uint64_t version, std::string yaml)>& each) {
  return c.query(
      "SELECT rule, version, yaml FROM finding_local_rule l WHERE version = (SELECT max(version) FROM "
      "finding_local_rule n WHERE n.rule = l.rule) AND yaml <> '' ORDER BY rule",
      {}, [&](const records::Row& row) {
        each(std::string(row.text(0)), static_cast<std::uint64_t>(row.integer(1)), std::string(row.text(2)));
      });
}

Result<void> add_local(records::Connection& c, const std::string& rule, const std::string& yaml, const std::string& by,
                       Time at) {
  return run(c,
             "INSERT INTO finding_local_rule (rule, version, yaml, by_name, at) VALUES ($1, (SELECT "
             "coalesce(max(version), 0) + 1 FROM finding_local_rule WHERE rule = $1), $2, $3, $4)",
             {view(rule), view(yaml), view(by), to_micros(at)});
}

Result<void> forget_rule(records::Connection& c, const std::string& rule) {
  LUY_TRY_VOID(run(c, "DELETE FROM finding_switch WHERE rule = $1", {view(rule)}));
  return run(c, "DELETE FROM finding_exception WHERE rule = $1", {view(rule)});
}

Result<std::string> package(records::Connection& c) {
  std::string out;
  LUY_TRY_VOID(c.query("SELECT file FROM finding_package ORDER BY number DESC LIMIT 1", {},
                       [&](const records::Row& row) { out = row.text(0); }));
  return out;
}

Result<void> set_package(records::Connection& c, const std::string& file, const std::string& by, Time at) {
  return run(c,
             "INSERT INTO finding_package (number, file, by_name, at) VALUES ((SELECT coalesce(max(number), 0) + 1 "
             "FROM finding_package), $1, $2, $3)",
             {view(file), view(by), to_micros(at)});
}

}  // namespace luy::finding::tables
