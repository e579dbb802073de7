// What the town knows about an agency besides its place in the tree: identifier, document header, who is on duty around
// the clock, its networks, its working hours; as it is, and as it was on any day. And networks as text: whether an
// address lies in one.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "directory/agency.h"
#include "directory/audit.h"
#include "records/database.h"

namespace luy::directory {

inline constexpr ErrorKind profile_invalid{"directory.profile_invalid", ErrorClass::invalid,
                                           "Hồ sơ cơ quan có giá trị không hợp lệ: {}.",
                                           "The agency's profile has a value that is not valid: {}."};

inline constexpr std::size_t contacts_max = 20;
inline constexpr std::size_t networks_max = 64;
inline constexpr std::size_t hours_max = 28;         // Four spans a day.
inline constexpr std::size_t profile_page_max = 50;  // Versions told at once.

struct Contact {
  std::string name;
  std::string title;
  std::string phone;
  std::string email;
  bool always = false;  // Reached around the clock.
};

struct WorkingSpan {
  int weekday = 1;   // 1 = Monday … 7 = Sunday.
  std::string from;  // "07:30"
  std::string to;
};

struct AgencyProfile {
  // Electronic identifier: "000.00.00.H56" (QCVN 102:2016/BTTTT) or "H56.10.05" (Quyết định 20/2020/QĐ-TTg).
  std::string identifier;
  std::string address;          // As it stands in papers: "Số 1 Trần Phú, phường Bỉm Sơn".
  std::string superior_header;  // The line above the agency's own in a document's head; may be empty.
  std::vector<Contact> contacts;
  std::vector<std::string> networks;  // "10.56.4.0/24": the agency's own.
  std::vector<WorkingSpan> hours;
};

bool is_identifier(std::string_view text);

inline constexpr unsigned network_bits_min_v4 = 8;
inline constexpr unsigned network_bits_min_v6 = 32;  // What a provider is given (RFC 6177 leaves it to the registries).

// An IPv4 or IPv6 network in CIDR form without stray host bits. Errors: profile_invalid.
class Network {
 public:
  static Result<Network> parse(std::string_view text);
  // False for what is no address.
  bool contains(std::string_view address) const;
  bool contains(const Network& other) const;
  // Wider than anybody's own network: than /8, or /32 of IPv6.
  bool too_wide() const;

 private:
  std::string bytes_;  // 4 or 16.
  unsigned bits_ = 0;
};

boost::json::object to_json(const AgencyProfile& profile);
// Checks everything. Errors: profile_invalid naming the member.
Result<AgencyProfile> profile_from_json(const boost::json::value& value);

// A profile as it was from one change to the next.
struct ProfileVersion {
  std::int64_t version = 0;          // Of the agency, from 1.
  std::optional<Time> at;            // Empty: before changes were kept.
  std::optional<AccountId> by;       // Empty: a command on the server, or before changes were kept.
  std::string agreed_by;             // User name of the second person; empty where it took none.
  std::vector<std::string> changed;  // Members of the JSON that differ from the version before.
  AgencyProfile profile;
};

// Thread-safe.
class Profiles {
 public:
  Profiles(records::Database& database, AuditTrail& audit, const Clock& clock)
      : database_(database), audit_(audit), clock_(clock) {}

  // Needs agency_manage; alone only while no address is taken for the agency's own that was none before
  // (Directory::propose_profile). Errors: the policy's, takes_two_people, agency_unknown, profile_invalid.
  Result<AgencyProfile> set(const Caller& caller, const AgencyId& agency, const AgencyProfile& profile);
  // The part of it inside a transaction, for an act that waits for a second person.
  Result<AgencyProfile> set_in(records::Connection& connection, const Caller& caller, const AgencyId& agency,
                               const AgencyProfile& profile, AuditEntry& entry);
  // Empty where nothing is known yet. Errors: agency_unknown.
  Result<AgencyProfile> find(const AgencyId& agency) const;
  // As it stood at the end of the day; empty where nothing was known yet. Errors: agency_unknown.
  Result<AgencyProfile> find(const AgencyId& agency, Day day) const;
  // The newest first, profile_page_max at most; only versions below `before` where it is given. Errors: agency_unknown.
  Result<std::vector<ProfileVersion>> history(const AgencyId& agency,
                                              std::optional<std::int64_t> before = std::nullopt) const;

 private:
  records::Database& database_;
  AuditTrail& audit_;
  const Clock& clock_;
};

// Whether more addresses would count as inside than before, where a second factor may be spared: a network that lies in
// none named for the agency or above it, the first ones named at all, and the last ones taken away.
Result<bool> widens(records::Connection& connection, const AgencyId& agency, const std::vector<std::string>& networks);
// Errors: profile_invalid for a network that is no agency's own.
Result<void> check_networks(const std::vector<std::string>& networks);

// Inside a transaction.
Result<AgencyProfile> load_profile(records::Connection& connection, const AgencyId& agency);
// With a version of its own, by who asks and at this moment.
Result<void> store_profile(records::Connection& connection, const Caller& caller, Time now, const AgencyId& agency,
                           const AgencyProfile& profile);

}  // namespace luy::directory
