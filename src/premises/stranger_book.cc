// What was said of unknown devices, and how they are stored.
#include <mutex>
#include <sstream>

#include "premises/stranger.h"
#include "premises/text.h"

namespace luy::premises {
namespace {

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> out;
  std::istringstream in{std::string(text)};
  for (std::string word; in >> word;) out.push_back(word);
  return out;
}

Stranger read(const records::Row& row) {
  Stranger one;
  one.key = {AgencyId::trusted(row.text(0)), std::string(row.text(1))};
  for (std::string& address : words_of(row.text(2))) one.addresses.insert(std::move(address));
  one.name = row.text(3);
  for (const std::string& device : words_of(row.text(4))) one.seen_by.insert(DeviceId::trusted(device));
  one.first_seen = from_micros(row.integer(5));
  one.last_seen = from_micros(row.integer(6));
  one.seq = static_cast<std::uint64_t>(row.integer(7));
  if (const auto kind = stranger_kind_from_name(row.text(8))) {
    one.decision = {*kind, std::string(row.text(9)), std::string(row.text(10)), from_micros(row.integer(11))};
  }
  return one;
}

}  // namespace

Result<std::unique_ptr<StrangerBook>> StrangerBook::open(records::Database& database, directory::AuditTrail& audit,
                                                         const Clock& clock) {
  std::unique_ptr<StrangerBook> book(new StrangerBook(database, audit, clock));
  LUY_TRY_VOID(database.read([&](records::Connection& c) {
    return c.query(
        "SELECT agency, mac, addresses, name, seen_by, first_us, last_us, seq, kind, reason, by_name, "
        "coalesce(decided_at_us, 0) FROM premises_stranger",
        {}, [&](const records::Row& row) {
          Stranger one = read(row);
          book->all_.emplace(one.key, std::move(one));
        });
  }));
  return book;
}

Result<void> StrangerBook::decide(const directory::Caller& caller, const AgencyId& agency,
                                  const std::vector<std::string>& macs, std::optional<StrangerDecision> decision) {
  directory::AuditEntry entry;
  entry.act = "stranger_decide";
  entry.object = "agency:" + agency.text();
  entry.after["agency"] = agency.text();
  std::vector<StrangerKey> keys;
  const auto work = [&](records::Connection& c, directory::AuditEntry& noted) -> Result<void> {
    boost::json::array before;
    boost::json::array after;
    for (const std::string& text : macs) {
      const auto mac = plain_mac(text);
      const StrangerKey key{agency, mac.value_or(text)};
      const std::shared_lock lock(mutex_);
      const auto found = all_.find(key);
      if (found == all_.end()) return Error(stranger_unknown, text);
      const auto& said = found->second.decision;
      before.push_back(boost::json::object{{"mac", key.mac}, {"kind", said ? name_of(said->kind) : ""}});
      after.emplace_back(key.mac);
      keys.push_back(key);
    }
    if (decision) {
      LUY_TRY(decision->reason, clean_text(decision->reason, {"reason", 800, false, Suspect::mixed}));
      decision->at = clock_.now();
      noted.after["kind"] = name_of(decision->kind);
      noted.after["reason"] = decision->reason;
    }
    noted.before["devices"] = std::move(before);
    noted.after["devices"] = std::move(after);
    noted.after["decided"] = decision.has_value();
    for (const StrangerKey& key : keys) {
      LUY_TRY_VOID(c.run(
          "UPDATE premises_stranger SET kind = $3, reason = $4, by_name = $5, decided_at_us = $6 WHERE agency = $1 AND "
          "mac = $2",
          {key.agency.text(), key.mac, decision ? name_of(decision->kind) : std::string_view(),
           decision ? decision->reason : std::string(), decision ? decision->by : std::string(),
           decision ? to_micros(decision->at) : std::int64_t{0}}));
    }
    return {};
  };
  LUY_TRY_VOID(audit_.perform(caller, std::move(entry), work));
  const std::unique_lock lock(mutex_);
  for (const StrangerKey& key : keys) {
    // Forgotten meanwhile, it stays so.
    if (const auto found = all_.find(key); found != all_.end()) found->second.decision = decision;
  }
  return {};
}

}  // namespace luy::premises
