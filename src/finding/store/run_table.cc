#include "finding/store/run_table.h"

#include <boost/json.hpp>

#include "base/log.h"

namespace luy::finding::tables {
namespace {

namespace json = boost::json;

json::array texts(const std::vector<std::string>& list) {
  return json::array(list.begin(), list.end());
}

template <class Ids>
json::array ids(const Ids& list) {
  json::array out;
  for (const auto& one : list) out.emplace_back(one.text());
  return out;
}

json::value micros(const std::optional<Time>& time) {
  return time ? json::value(to_micros(*time)) : json::value(nullptr);
}

json::object body_of(const Run& run) {
  json::array found;
  for (const RunRule& one : run.found) {
    found.push_back(json::object{{"id", one.id},
                                 {"vi", one.title.vi},
                                 {"en", one.title.en},
                                 {"severity", name_of(one.severity)},
                                 {"hits", one.hits}});
  }
  json::array sample;
  for (const RunHit& one : run.sample) {
    sample.push_back(json::object{{"seq", one.seq},
                                  {"time", to_micros(one.time)},
                                  {"rule", one.rule},
                                  {"agency", one.agency.text()},
                                  {"device", one.device ? one.device->text() : std::string()},
                                  {"message", one.message}});
  }
  json::array days;
  for (const auto& [day, counts] : run.days) days.push_back(json::array{to_iso(day), counts.events, counts.hits});
  json::object out;
  out["yaml"] = run.yaml;
  out["rules"] = texts(run.rules);
  out["from"] = to_micros(run.from);
  out["to"] = to_micros(run.to);
  out["agency"] = run.agency ? run.agency->text() : std::string();
  out["scope"] = ids(run.scope);
  out["keep"] = run.keep;
  out["account"] = run.account.text();
  out["by"] = run.by;
  out["attempts"] = run.attempts;
  out["started_at"] = micros(run.started_at);
  out["ended_at"] = micros(run.ended_at);
  out["first_seq"] = run.first_seq;
  out["next_seq"] = run.next_seq;
  out["end_seq"] = run.end_seq;
  out["revision"] = run.revision;
  out["events"] = run.events;
  out["hits"] = run.hits;
  out["cpu_ns"] = run.cpu_ns;
  out["found"] = std::move(found);
  out["sample"] = std::move(sample);
  out["days"] = std::move(days);
  out["findings"] = ids(run.findings);
  out["failure"] = nullptr;
  if (run.failure) out["failure"] = {run.failure->code, run.failure->text.vi, run.failure->text.en};
  return out;
}

// Reads what body_of() wrote. json::value's accessors throw on anything else, which the caller takes for damage.
class Reader {
 public:
  explicit Reader(const json::value& value) : object_(value.as_object()) {}
  std::string text(std::string_view key) const { return str(object_.at(key)); }
  std::uint64_t number(std::string_view key) const { return object_.at(key).to_number<std::uint64_t>(); }
  Time time(std::string_view key) const { return from_micros(object_.at(key).to_number<std::int64_t>()); }
  std::optional<Time> maybe_time(std::string_view key) const {
    return object_.at(key).is_null() ? std::nullopt : std::optional(time(key));
  }
  bool flag(std::string_view key) const { return object_.at(key).as_bool(); }
  const json::array& list(std::string_view key) const { return object_.at(key).as_array(); }
  const json::value& at(std::string_view key) const { return object_.at(key); }
  static std::string str(const json::value& value) { return std::string(value.as_string()); }

 private:
  const json::object& object_;
};

void read_found(const Reader& body, Run& out) {
  for (const json::value& value : body.list("found")) {
    const Reader one(value);
    const auto severity = severity_from_name(one.text("severity")).value_or(Severity::medium);
    out.found.push_back({one.text("id"), {one.text("vi"), one.text("en")}, severity, one.number("hits")});
  }
  for (const json::value& value : body.list("sample")) {
    const Reader one(value);
    const auto agency = AgencyId::parse(one.text("agency"));
    if (!agency) continue;
    out.sample.push_back({one.number("seq"), one.time("time"), one.text("rule"), *agency,
                          DeviceId::parse(one.text("device")), one.text("message")});
  }
  for (const json::value& value : body.list("days")) {
    const json::array& row = value.as_array();
    if (const auto day = day_from_iso(Reader::str(row.at(0)))) {
      out.days[*day] = {row.at(1).to_number<std::uint64_t>(), row.at(2).to_number<std::uint64_t>()};
    }
  }
  for (const json::value& value : body.list("findings")) {
    if (const auto id = FindingId::parse(Reader::str(value))) out.findings.insert(*id);
  }
  if (const json::value& failure = body.at("failure"); !failure.is_null()) {
    const json::array& parts = failure.as_array();
    out.failure = Run::Failure{Reader::str(parts.at(0)), {Reader::str(parts.at(1)), Reader::str(parts.at(2))}};
  }
}

Run run_of(const json::value& value) {
  const Reader body(value);
  Run out;
  out.yaml = body.text("yaml");
  for (const json::value& rule : body.list("rules")) out.rules.push_back(Reader::str(rule));
  out.from = body.time("from");
  out.to = body.time("to");
  out.agency = AgencyId::parse(body.text("agency"));
  for (const json::value& id : body.list("scope")) {
    if (const auto agency = AgencyId::parse(Reader::str(id))) out.scope.push_back(*agency);
  }
  out.keep = body.flag("keep");
  if (const auto account = AccountId::parse(body.text("account"))) out.account = *account;
  out.by = body.text("by");
  out.attempts = static_cast<unsigned>(body.number("attempts"));
  out.started_at = body.maybe_time("started_at");
  out.ended_at = body.maybe_time("ended_at");
  out.first_seq = body.number("first_seq");
  out.next_seq = body.number("next_seq");
  out.end_seq = body.number("end_seq");
  out.revision = body.number("revision");
  out.events = body.number("events");
  out.hits = body.number("hits");
  out.cpu_ns = body.number("cpu_ns");
  read_found(body, out);
  return out;
}

}  // namespace

Result<void> load_runs(records::Connection& c, const std::function<void(Run)>& each) {
  return c.query("SELECT id, state, body, at FROM finding_run ORDER BY id", {}, [&](const records::Row& row) {
    const auto state = run_state_from_name(row.text(1));
    try {
      Run run = run_of(json::parse(row.text(2)));
      if (!state || run.scope.empty()) return;
      run.id = RunId::trusted(row.text(0));
      run.state = *state;
      run.asked_at = from_micros(row.integer(3));
      each(std::move(run));
    } catch (const std::exception& error) {
      log(LogLevel::warning, "finding", "run " + std::string(row.text(0)) + ": " + error.what());
    }
  });
}

Result<void> save_run(records::Connection& c, const Run& run) {
  const std::string body = json::serialize(body_of(run));
  LUY_TRY_VOID(
      c.run("INSERT INTO finding_run (id, state, body, at) VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO UPDATE SET "
            "state = excluded.state, body = excluded.body",
            {std::string_view(run.id.text()), name_of(run.state), std::string_view(body), to_micros(run.asked_at)}));
  return {};
}

Result<void> remove_run(records::Connection& c, const RunId& id) {
  LUY_TRY_VOID(c.run("DELETE FROM finding_run WHERE id = $1", {std::string_view(id.text())}));
  return {};
}

}  // namespace luy::finding::tables
