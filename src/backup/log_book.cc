#include "backup/log_book.h"

#include "base/utf8.h"

namespace luy::backup {
namespace {

namespace json = boost::json;

constexpr std::string_view outcome_columns = "SELECT request, device, at_us, told, seq FROM backup_outcome ";
constexpr std::string_view handover_columns =
    "SELECT id, medium, given_by, taken_by, place, note, at_us, by_name FROM backup_handover ";

Outcome outcome_of(const records::Row& row) {
  Outcome out{std::string(row.text(0)),
              DeviceId::trusted(row.text(1)),
              from_micros(row.integer(2)),
              {},
              static_cast<std::uint64_t>(row.integer(4))};
  boost::system::error_code error;
  json::value told = json::parse(row.text(3), error);
  if (!error && told.is_object()) out.told = std::move(told.get_object());
  return out;
}

Handover handover_of(const records::Row& row) {
  return {std::string(row.text(0)), std::string(row.text(1)), std::string(row.text(2)),    std::string(row.text(3)),
          std::string(row.text(4)), std::string(row.text(5)), from_micros(row.integer(6)), std::string(row.text(7))};
}

bool is_text(const std::string& text, bool may_be_empty) {
  if (text.find_first_not_of(" \t") == std::string::npos) return may_be_empty && text.empty();
  if (text.size() > handover_text_bytes_max || !is_utf8(text)) return false;
  return text.find_first_of("\r\n") == std::string::npos;
}

std::string text_in(const json::object& from, std::string_view key) {
  const json::value* value = from.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

}  // namespace

Result<void> LogBook::take(const DeviceId& device, Time received, std::uint64_t seq, std::string_view raw) {
  boost::system::error_code error;
  const json::value told = json::parse(json::string_view(raw.data(), raw.size()), error);
  if (error || !told.is_object()) return {};
  const std::string request = text_in(told.get_object(), "request");
  if (!is_id_text(request)) return {};
  const std::string text = json::serialize(told);
  return d_.database.write([&](records::Connection& c) -> Result<void> {
    LUY_TRY_VOID(c.run(
        "INSERT INTO backup_outcome (device, request, at_us, told, seq) VALUES ($1, $2, $3, $4, $5) "
        "ON CONFLICT (device, request) DO UPDATE SET at_us = excluded.at_us, told = excluded.told, seq = excluded.seq "
        "WHERE excluded.seq > backup_outcome.seq",
        {std::string_view(device.text()), std::string_view(request), to_micros(received), std::string_view(text),
         static_cast<std::int64_t>(seq)}));
    return {};
  });
}

Result<std::vector<Outcome>> LogBook::outcomes(const DeviceId& device) const {
  std::vector<Outcome> out;
  LUY_TRY_VOID(d_.database.read([&](records::Connection& c) {
    return c.query(std::string(outcome_columns) + "WHERE device = $1 ORDER BY seq DESC LIMIT $2",
                   {std::string_view(device.text()), static_cast<std::int64_t>(results_listed_max)},
                   [&](const records::Row& row) { out.push_back(outcome_of(row)); });
  }));
  return out;
}

Result<Handover> LogBook::hand_over(const directory::Caller& caller, Handover wanted) {
  directory::AuditEntry entry;
  entry.act = "media_handover";
  entry.object = "medium:" + wanted.medium;
  const auto work = [&](records::Connection& c, directory::AuditEntry& noted) -> Result<Handover> {
    if (!is_text(wanted.given_by, false)) return Error(handover_invalid, "given_by");
    if (!is_text(wanted.taken_by, false)) return Error(handover_invalid, "taken_by");
    if (!is_text(wanted.place, false)) return Error(handover_invalid, "place");
    if (!is_text(wanted.note, true)) return Error(handover_invalid, "note");
    if (wanted.at > d_.clock.now()) return Error(handover_invalid, "at");
    wanted.id = make_id_text(d_.clock.now(), d_.random);
    wanted.by = caller.username;
    LUY_TRY_VOID(
        c.run("INSERT INTO backup_handover (id, medium, given_by, taken_by, place, note, at_us, by_name) "
              "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
              {std::string_view(wanted.id), std::string_view(wanted.medium), std::string_view(wanted.given_by),
               std::string_view(wanted.taken_by), std::string_view(wanted.place), std::string_view(wanted.note),
               to_micros(wanted.at), std::string_view(wanted.by)}));
    noted.after = {{"given_by", wanted.given_by}, {"taken_by", wanted.taken_by}, {"place", wanted.place},
                   {"note", wanted.note},         {"at", to_rfc3339(wanted.at)}, {"handover", wanted.id}};
    return wanted;
  };
  return d_.audit.perform(caller, std::move(entry), work);
}

Result<std::vector<Handover>> LogBook::handovers(const std::optional<std::string>& medium) const {
  std::vector<Handover> out;
  const auto limit = static_cast<std::int64_t>(handovers_listed_max);
  LUY_TRY_VOID(d_.database.read([&](records::Connection& c) {
    const auto take = [&](const records::Row& row) { out.push_back(handover_of(row)); };
    if (!medium) return c.query(std::string(handover_columns) + "ORDER BY at_us DESC, id DESC LIMIT $1", {limit}, take);
    return c.query(std::string(handover_columns) + "WHERE medium = $1 ORDER BY at_us DESC, id DESC LIMIT $2",
                   {std::string_view(*medium), limit}, take);
  }));
  return out;
}

}  // namespace luy::backup
