// People wired into the hub: whose accounts on devices are, leavers and movers, access reviews, officers,
// commitments.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "directory/directory.h"
#include "duty/engine.h"
#include "inventory/inventory.h"
#include "people/account_link.h"
#include "people/commitment.h"
#include "people/duty_record.h"
#include "people/leave_book.h"
#include "people/officer.h"
#include "people/person.h"
#include "people/review_book.h"
#include "regulation/pack.h"

namespace luy::hub {

class PeopleDesk {
 public:
  struct Dependencies {
    records::Database& database;
    directory::Directory& directory;
    const Clock& clock;
    Random& random;
    inventory::Inventory& inventory;
    const regulation::Pack& pack;
    std::function<std::vector<AgencyId>(const AgencyId&)> lineage;
    std::function<std::string(const AgencyId&)> agency_name;
    std::function<std::vector<AgencyId>()> agencies;  // That exist today.
    std::function<std::vector<people::LeaveBook::Holding>(const PersonId&)> signatures;
    // The evidence record of an act of the audit trail; nullopt until it is there.
    std::function<std::optional<std::uint64_t>(const std::string& act)> act_seq;
    // Of devices: who answers for their accounts is another now.
    std::function<void(const std::vector<DeviceId>&)> owners_changed;
    // Of an agency: what its duties are judged by is another now.
    std::function<void(const AgencyId&)> judged_anew;
  };
  static Result<std::unique_ptr<PeopleDesk>> open(Dependencies dependencies);  // Errors: those of the database.

  people::LinkBook& links() { return *links_; }
  people::LeaveBook& leaves() { return *leaves_; }
  people::ReviewBook& reviews() { return *reviews_; }
  people::OfficerBook& officers() { return *officers_; }
  people::CommitmentBook& commitments() { return *commitments_; }
  Duration dormant() const { return dormant_; }  // Of duty 10.2.
  // Everybody the directory knows. Any thread.
  people::Persons persons() const;
  // Who answers for an account on a device today. Any thread.
  std::optional<duty::AccountOwner> owner_of(const DeviceId& device, const fact::Account& account) const;
  // What is on record in an agency for a duty, as it is kept in memory; nullopt for what is not kept here. Any thread.
  std::optional<people::DutyRecord> duty_record(const AgencyId& agency, const std::string& record);
  // The directory has changed.
  void forget_records();
  // What whoever opens the case of somebody should know.
  std::vector<regulation::Text> leave_warnings(const PersonId& person) const;

 private:
  explicit PeopleDesk(Dependencies dependencies) : d_(std::move(dependencies)) {}
  Result<void> load();
  std::vector<people::ReviewSubject> subjects_of(const AgencyId& agency, bool below) const;
  std::vector<people::LeaveBook::Holding> held_by(people::ItemKind kind, const PersonId& person) const;
  std::vector<directory::ApiToken> living_tokens() const;
  Result<std::optional<people::DutyRecord>> read_record(const AgencyId& agency, const std::string& record) const;
  people::OfficerBook::Presence presence_of(const PersonId& person) const;
  std::vector<people::CommitmentBook::Dependencies::Member> members_of(const AgencyId& agency) const;
  void forget(const AgencyId& agency, bool below);

  const Dependencies d_;
  Duration dormant_{};
  std::unique_ptr<people::LinkBook> links_;
  std::unique_ptr<people::LeaveBook> leaves_;
  std::unique_ptr<people::ReviewBook> reviews_;
  std::unique_ptr<people::OfficerBook> officers_;
  std::unique_ptr<people::CommitmentBook> commitments_;

  std::mutex recording_;  // Guards what follows. Not held while the database is asked.
  std::map<std::pair<AgencyId, std::string>, people::DutyRecord> records_;
  Day recorded_on_{};          // What is on record counts for so long only.
  std::uint64_t changes_ = 0;  // What was read before one of them is not kept.
};

}  // namespace luy::hub
