// What profiles were: every change leaves a version, and a day shows the newest of before its end.
#include <limits>

#include "directory/stored/profile.h"

namespace luy::directory {
namespace {

using boost::json::object;
using records::Connection;
using records::Row;

std::vector<std::string> differences(const AgencyProfile& before, const AgencyProfile& after) {
  const object was = to_json(before);
  std::vector<std::string> out;
  for (const auto& member : to_json(after)) {
    if (was.at(member.key()) != member.value()) out.emplace_back(member.key());
  }
  return out;
}

struct StoredVersion {
  ProfileVersion version;
  std::string body;
};

}  // namespace

Result<AgencyProfile> stored_profile(const std::string& body) {
  if (body.empty()) return AgencyProfile();
  boost::system::error_code bad;
  const boost::json::value parsed = boost::json::parse(body, bad);
  LUY_CHECK_MSG(!bad, "a stored profile is no JSON");
  return profile_from_json(parsed);
}

Result<void> store_profile(Connection& c, const Caller& caller, Time now, const AgencyId& agency,
                           const AgencyProfile& profile) {
  const std::string body = boost::json::serialize(to_json(profile));
  const std::string_view key(agency.text());
  LUY_TRY_VOID(
      c.run("INSERT INTO agency_profile (agency, body) VALUES ($1, $2)"
            " ON CONFLICT (agency) DO UPDATE SET body = $2",
            {key, std::string_view(body)}));
  const auto by = caller.account ? std::optional(caller.account->text()) : std::nullopt;
  LUY_TRY_VOID(
      c.run("INSERT INTO agency_profile_version (agency, version, at, by_account, agreed_by, body)"
            " SELECT $1, coalesce(max(version), 0) + 1, $2, $3, $4, $5 FROM agency_profile_version WHERE agency = $1",
            {key, to_millis(now), records::nullable(by), std::string_view(caller.agreed_by), std::string_view(body)}));
  return {};
}

Result<AgencyProfile> Profiles::find(const AgencyId& agency, Day day) const {
  return database_.read([&](Connection& c) -> Result<AgencyProfile> {
    LUY_TRY_VOID(load_superiors(c, agency));
    std::string body;
    LUY_TRY_VOID(
        c.query("SELECT body FROM agency_profile_version WHERE agency = $1 AND at < $2 ORDER BY version DESC LIMIT 1",
                {std::string_view(agency.text()), to_millis(day_begin(day + days(1)))},
                [&](const Row& row) { body = row.text(0); }));
    return stored_profile(body);
  });
}

Result<std::vector<ProfileVersion>> Profiles::history(const AgencyId& agency,
                                                      std::optional<std::int64_t> before) const {
  return database_.read([&](Connection& c) -> Result<std::vector<ProfileVersion>> {
    LUY_TRY_VOID(load_superiors(c, agency));
    std::vector<StoredVersion> rows;
    // One more than is told: the last one's changes are seen against it.
    LUY_TRY_VOID(
        c.query("SELECT version, at, by_account, agreed_by, body FROM agency_profile_version"
                " WHERE agency = $1 AND version < $2 ORDER BY version DESC LIMIT $3",
                {std::string_view(agency.text()), before.value_or(std::numeric_limits<std::int64_t>::max()),
                 static_cast<std::int64_t>(profile_page_max + 1)},
                [&](const Row& row) {
                  StoredVersion one;
                  one.version.version = row.integer(0);
                  if (row.integer(1) != 0) one.version.at = from_millis(row.integer(1));
                  if (const auto by = row.maybe_text(2)) one.version.by = AccountId::trusted(*by);
                  one.version.agreed_by = row.text(3);
                  one.body = row.text(4);
                  rows.push_back(std::move(one));
                }));
    std::vector<ProfileVersion> out;
    for (const StoredVersion& row : rows) {
      ProfileVersion one = row.version;
      LUY_TRY(one.profile, stored_profile(row.body));
      if (!out.empty()) out.back().changed = differences(one.profile, out.back().profile);
      out.push_back(std::move(one));
    }
    if (out.size() > profile_page_max) {
      out.pop_back();
    } else if (!out.empty()) {
      out.back().changed = differences({}, out.back().profile);
    }
    return out;
  });
}

}  // namespace luy::directory
