// A reorganisation as JSON: how it is asked for, kept until its day, and noted in the audit trail.
#include "directory/agency.h"

namespace luy::directory {

boost::json::array to_json(const std::vector<RightGained>& gains) {
  boost::json::array out;
  for (const RightGained& one : gains) {
    boost::json::object agency{{"id", nullptr}, {"name", one.agency_name}};
    if (one.agency) agency["id"] = one.agency->text();
    out.push_back({{"account", {{"id", one.account.text()}, {"name", one.name}}},
                   {"role", name_of(one.role)},
                   {"agency", std::move(agency)}});
  }
  return out;
}

boost::json::object to_json(const Reorganisation& plan) {
  using boost::json::array;
  using boost::json::object;
  using boost::json::value;
  const auto maybe = [](const std::optional<std::string>& text) { return text ? value(*text) : value(nullptr); };
  array creates;
  for (const auto& one : plan.creates) {
    creates.push_back({{"key", one.key},
                       {"code", one.code},
                       {"name", one.name},
                       {"header_name", one.header_name},
                       {"kind", name_of(one.kind)},
                       {"superior", one.superior}});
  }
  array changes;
  for (const auto& one : plan.changes) {
    changes.push_back({{"agency", one.agency.text()},
                       {"name", maybe(one.name)},
                       {"header_name", maybe(one.header_name)},
                       {"superior", maybe(one.superior)}});
  }
  array closes;
  for (const auto& one : plan.closes) {
    array successors;
    for (const auto& next : one.successors) {
      successors.push_back({{"agency", next.agency},
                            {"keeps_records", next.keeps_records},
                            {"takes_people", next.takes_people},
                            {"takes_roles", next.takes_roles}});
    }
    closes.push_back({{"agency", one.agency.text()}, {"successors", std::move(successors)}});
  }
  return {{"day", to_iso(plan.day)},
          {"basis", plan.basis},
          {"creates", std::move(creates)},
          {"changes", std::move(changes)},
          {"closes", std::move(closes)}};
}

namespace {

// Reads members of one object and remembers whether anything was amiss.
class Reader {
 public:
  explicit Reader(const boost::json::value& value) : object_(value.if_object()) {}
  std::string text(std::string_view name) { return maybe(name).value_or(""); }
  std::optional<std::string> maybe(std::string_view name) {
    const auto* found = member(name);
    if (found == nullptr) return std::nullopt;
    if (const auto* string = found->if_string()) return std::string(*string);
    good = false;
    return std::nullopt;
  }
  bool flag(std::string_view name) {
    const auto* found = member(name);
    if (found == nullptr) return false;
    const bool* value = found->if_bool();
    good = good && value != nullptr;
    return value != nullptr && *value;
  }
  const boost::json::array& list(std::string_view name) {
    static const boost::json::array none;
    const auto* found = member(name);
    if (found == nullptr) return none;
    const auto* items = found->if_array();
    good = good && items != nullptr;
    return items == nullptr ? none : *items;
  }
  AgencyId agency(std::string_view name) {
    const auto id = AgencyId::parse(text(name));
    good = good && id.has_value();
    return id.value_or(AgencyId());
  }
  bool good = true;

 private:
  const boost::json::value* member(std::string_view name) {
    if (object_ == nullptr) {
      good = false;
      return nullptr;
    }
    const auto* found = object_->if_contains(name);
    return found == nullptr || found->is_null() ? nullptr : found;
  }
  const boost::json::object* object_;
};

}  // namespace

Result<Reorganisation> reorganisation_from_json(const boost::json::value& value) {
  Reader top(value);
  Reorganisation plan;
  const auto day = day_from_iso(top.text("day"));
  if (!day) return Error(bad_value, "day");
  plan.day = *day;
  plan.basis = top.text("basis");
  for (const auto& item : top.list("creates")) {
    Reader one(item);
    const auto kind = agency_kind_from_name(one.maybe("kind").value_or("department"));
    if (!kind) return Error(bad_value, "kind");
    plan.creates.push_back(
        {one.text("key"), one.text("code"), one.text("name"), one.text("header_name"), *kind, one.text("superior")});
    if (!one.good) return Error(bad_value, "creates");
  }
  for (const auto& item : top.list("changes")) {
    Reader one(item);
    plan.changes.push_back({one.agency("agency"), one.maybe("name"), one.maybe("header_name"), one.maybe("superior")});
    if (!one.good) return Error(bad_value, "changes");
  }
  for (const auto& item : top.list("closes")) {
    Reader one(item);
    Reorganisation::Close close{one.agency("agency"), {}};
    for (const auto& next : one.list("successors")) {
      Reader body(next);
      close.successors.push_back(
          {body.text("agency"), body.flag("keeps_records"), body.flag("takes_people"), body.flag("takes_roles")});
      if (!body.good) return Error(bad_value, "successors");
    }
    if (!one.good) return Error(bad_value, "closes");
    plan.closes.push_back(std::move(close));
  }
  if (!top.good) return Error(bad_value, "plan");
  return plan;
}

}  // namespace luy::directory
