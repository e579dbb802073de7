#include "custody/silence_book.h"

#include <algorithm>
#include <set>

namespace luy::custody {
namespace {

namespace json = boost::json;

Silence silence_of(const records::Row& row) {
  Silence out;
  out.device = DeviceId::trusted(row.text(0));
  out.agency = AgencyId::trusted(row.text(1));
  out.began_at = from_micros(row.integer(2));
  if (!row.null(3)) out.ended_at = from_micros(row.integer(3));
  out.began_seq = static_cast<std::uint64_t>(row.integer(4));
  if (!row.null(5)) out.ended_seq = static_cast<std::uint64_t>(row.integer(5));
  return out;
}

constexpr std::string_view columns =
    "SELECT device, agency, began_at, ended_at, began_seq, ended_seq FROM custody_silence ";

}  // namespace

Result<std::unique_ptr<SilenceBook>> SilenceBook::open(Dependencies dependencies) {
  std::unique_ptr<SilenceBook> book(new SilenceBook(std::move(dependencies)));
  LUY_TRY_VOID(book->d_.database.read([&](records::Connection& c) {
    return c.query(std::string(columns) + "WHERE ended_at IS NULL", {}, [&](const records::Row& row) {
      Silence one = silence_of(row);
      const DeviceId device = one.device;
      book->open_[device] = std::move(one);
    });
  }));
  return book;
}

std::optional<Time> SilenceBook::silent_since(const DeviceId& device) const {
  const std::lock_guard lock(mutex_);
  const auto found = open_.find(device);
  return found == open_.end() ? std::nullopt : std::optional(found->second.began_at);
}

Result<void> SilenceBook::begin(const Heard& one) {
  const json::object note{
      {"note", "silence_begun"}, {"device", one.device.text()}, {"last_heard", to_rfc3339(one.last)}};
  Silence made{one.device, one.agency, one.last, std::nullopt, 0, std::nullopt};
  LUY_TRY(made.began_seq, d_.note(one.agency, one.device, note));
  const auto stored = d_.database.write([&](records::Connection& c) -> Result<void> {
    LUY_TRY_VOID(
        c.run("INSERT INTO custody_silence (device, agency, began_at, ended_at, began_seq, ended_seq) VALUES ($1, $2, "
              "$3, NULL, "
              "$4, NULL)",
              {std::string_view(one.device.text()), std::string_view(one.agency.text()), to_micros(one.last),
               static_cast<std::int64_t>(made.began_seq)}));
    return {};
  });
  if (!stored) return stored;
  const std::lock_guard lock(mutex_);
  open_[one.device] = std::move(made);
  return {};
}

Result<void> SilenceBook::end(const Silence& one, Time at) {
  const json::object note{{"note", "silence_ended"},
                          {"device", one.device.text()},
                          {"last_heard", to_rfc3339(one.began_at)},
                          {"heard_again", to_rfc3339(at)},
                          {"begun_seq", one.began_seq}};
  LUY_TRY(const std::uint64_t seq, d_.note(one.agency, one.device, note));
  const Time oldest = d_.clock.now() - silences_kept;
  const auto stored = d_.database.write([&](records::Connection& c) -> Result<void> {
    LUY_TRY_VOID(
        c.run("UPDATE custody_silence SET ended_at = $1, ended_seq = $2 WHERE device = $3 AND ended_at IS NULL",
              {to_micros(at), static_cast<std::int64_t>(seq), std::string_view(one.device.text())}));
    LUY_TRY_VOID(c.run("DELETE FROM custody_silence WHERE ended_at < $1", {to_micros(oldest)}));
    return {};
  });
  if (!stored) return stored;
  const std::lock_guard lock(mutex_);
  open_.erase(one.device);
  return {};
}

Result<void> SilenceBook::update(const std::vector<Heard>& all) {
  std::map<DeviceId, Silence> before;
  {
    const std::lock_guard lock(mutex_);
    before = open_;
  }
  std::set<DeviceId> present;
  for (const Heard& one : all) {
    present.insert(one.device);
    const auto found = before.find(one.device);
    if (one.is_silent && found == before.end()) LUY_TRY_VOID(begin(one));
    // What it said may lie before the silence by a clock that was set back.
    if (!one.is_silent && found != before.end())
      LUY_TRY_VOID(end(found->second, std::max(one.last, found->second.began_at)));
  }
  for (const auto& [device, silence] : before) {
    if (!present.contains(device)) LUY_TRY_VOID(end(silence, d_.clock.now()));
  }
  return {};
}

Result<std::vector<Silence>> SilenceBook::list() const {
  std::vector<Silence> out;
  LUY_TRY_VOID(d_.database.read([&](records::Connection& c) {
    return c.query(std::string(columns) + "ORDER BY began_at DESC, device LIMIT " + std::to_string(silences_shown_max),
                   {}, [&](const records::Row& row) { out.push_back(silence_of(row)); });
  }));
  return out;
}

}  // namespace luy::custody
