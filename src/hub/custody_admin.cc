// What `luy custody` asks the hub on its administration port: the register, and what was copied and read back.
#include "base/file.h"
#include "custody/text.h"
#include "hub/custody_desk.h"

namespace luy::hub {
namespace {

namespace json = boost::json;

using custody::text_at;

Result<json::object> object_of(const std::string& body) {
  boost::system::error_code error;
  const json::value parsed = json::parse(body, error);
  if (error || !parsed.is_object()) return Error(api::bad_request, "JSON");
  return parsed.get_object();
}

Result<custody::MediumId> medium_in(const json::object& body) {
  const auto id = custody::MediumId::parse(text_at(body, "medium"));
  if (!id) return Error(api::bad_request, "medium");
  return *id;
}

Result<json::array> days_in(const json::object& body) {
  const json::value* found = body.if_contains("days");
  if (found == nullptr || !found->is_array()) return Error(api::bad_request, "days");
  return found->get_array();
}

Result<Day> day_in(const json::value& value) {
  const auto day = value.is_object() ? day_from_iso(text_at(value.get_object(), "day")) : std::nullopt;
  if (!day) return Error(api::bad_request, "days.day");
  return *day;
}

// Those that are texts.
std::vector<std::string> names_at(const json::object& object, std::string_view key) {
  std::vector<std::string> out;
  const json::value* found = object.if_contains(key);
  if (found == nullptr || !found->is_array()) return out;
  for (const json::value& one : found->get_array()) {
    if (one.is_string()) out.emplace_back(one.get_string());
  }
  return out;
}

json::object medium_json(const custody::Medium& one) {
  return {{"id", one.id.text()},           {"name", one.name},          {"kind", custody::name_of(one.kind)},
          {"serial", one.identity.serial}, {"uuid", one.identity.uuid}, {"label", one.identity.label},
          {"custodian", one.custodian},    {"place", one.place},        {"retired", one.retired_at.has_value()}};
}

}  // namespace

void CustodyDesk::administer(AdminService::Dependencies& admin) {
  using Query = AdminService::Query;
  admin.handlers["/admin/v1/custody"] = [this](const Query& query) { return list_for_admin(query); };
  admin.posts["/admin/v1/custody/media"] = [this](const Query&, const std::string& body) {
    return register_medium(body);
  };
  admin.posts["/admin/v1/custody/copies"] = [this](const Query&, const std::string& body) { return take_copies(body); };
  admin.posts["/admin/v1/custody/checks"] = [this](const Query&, const std::string& body) { return take_check(body); };
}

Result<api::Response> CustodyDesk::list_for_admin(const AdminService::Query&) const {
  LUY_TRY(const auto stored, d_.store.days());
  LUY_TRY(const auto media, media_->list());
  LUY_TRY(const auto copies, media_->copies());
  json::array of_days;
  std::string origin;
  if (const auto checkpoint = d_.store.last_checkpoint())
    origin = checkpoint->note.substr(0, checkpoint->note.find('\n'));
  for (const evidence::DayInfo& one : stored) {
    if (!one.closed || one.damaged || one.sha256.empty()) continue;
    json::array on;
    if (const auto found = copies.find(one.day); found != copies.end()) {
      for (const custody::Copy& copy : found->second) {
        on.push_back(json::object{{"medium", copy.medium.text()}, {"sha256", copy.sha256}, {"sound", copy.sound}});
      }
    }
    json::object out;
    out["day"] = to_iso(one.day);
    out["sha256"] = one.sha256;
    out["bytes"] = one.file_bytes;
    out["copies"] = std::move(on);
    of_days.push_back(std::move(out));
  }
  json::array of_media;
  for (const custody::Medium& one : media) of_media.push_back(medium_json(one));
  json::array witnesses;
  if (d_.witnesses) {
    for (const std::string& vkey : d_.witnesses()) witnesses.emplace_back(vkey);
  }
  return api::json(json::object{{"origin", origin},
                                {"folder", d_.folder.string()},
                                {"days", std::move(of_days)},
                                {"media", std::move(of_media)},
                                {"witnesses", std::move(witnesses)}});
}

Result<api::Response> CustodyDesk::register_medium(const std::string& text) {
  LUY_TRY(const json::object body, object_of(text));
  custody::Medium wanted;
  wanted.name = text_at(body, "name");
  const auto kind = custody::medium_kind_from_name(text_at(body, "kind"));
  if (!kind) return Error(api::bad_request, "kind");
  wanted.kind = *kind;
  wanted.identity = {text_at(body, "serial"), text_at(body, "uuid"), text_at(body, "label")};
  wanted.custodian = text_at(body, "custodian");
  wanted.place = text_at(body, "place");
  LUY_TRY(const custody::Medium made, media_->add(
                                          directory::server_operator(), [] { return Result<void>(); }, wanted));
  return api::json(medium_json(made), 201);
}

Result<api::Response> CustodyDesk::take_copies(const std::string& text) {
  LUY_TRY(const json::object body, object_of(text));
  LUY_TRY(const custody::MediumId medium, medium_in(body));
  LUY_TRY(const json::array list, days_in(body));
  std::vector<custody::MediumBook::ReadBack> days;
  for (const json::value& value : list) {
    LUY_TRY(const Day day, day_in(value));
    const json::object& one = value.get_object();
    days.push_back({day, text_at(one, "sha256"),
                    static_cast<std::uint64_t>(std::max<std::int64_t>(0, custody::number_at(one, "bytes").value_or(0))),
                    names_at(one, "cosigned_by"), one.contains("stamped") && one.at("stamped") == true});
  }
  LUY_TRY(const std::uint64_t seq,
          media_->note_copies(directory::server_operator(), medium, text_at(body, "by"), days));
  return api::json(json::object{{"seq", seq}, {"days", days.size()}});
}

Result<api::Response> CustodyDesk::take_check(const std::string& text) {
  LUY_TRY(const json::object body, object_of(text));
  LUY_TRY(const custody::MediumId medium, medium_in(body));
  LUY_TRY(const json::array list, days_in(body));
  std::vector<custody::MediumBook::Checked> days;
  for (const json::value& value : list) {
    LUY_TRY(const Day day, day_in(value));
    const json::value* sound = value.get_object().if_contains("sound");
    days.push_back(
        {day, text_at(value.get_object(), "sha256"), sound != nullptr && sound->is_bool() && sound->get_bool()});
  }
  LUY_TRY(const std::uint64_t seq,
          media_->note_check(directory::server_operator(), medium, text_at(body, "by"), days, text_at(body, "fault")));
  return api::json(json::object{{"seq", seq}, {"days", days.size()}});
}

}  // namespace luy::hub
