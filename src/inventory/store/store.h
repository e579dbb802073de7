// The inventory over records::Database. Writers prepare new entries beside the published ones, store them in one
// transaction and then publish: a failed transaction leaves everything as it was.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <shared_mutex>
#include <string>
#include <vector>

#include "inventory/inventory.h"
#include "inventory/store/catalogue.h"
#include "inventory/store/reduction.h"
#include "inventory/store/tables.h"
#include "inventory/store/wifi_book.h"

namespace luy::inventory {

// Timeline entries kept of one device; older ones go.
inline constexpr std::int64_t history_rows_max = 2000;
// A user's name, or its number; longer ones are cut.
inline constexpr std::size_t installed_by_bytes_max = 100;

class Store final : public Inventory {
 public:
  explicit Store(Dependencies dependencies) : deps_(std::move(dependencies)) {}
  Result<void> load();  // Once, before anything else.

  Result<Enrolled> enrol(const AgencyId& agency, const fact::Identity& identity, const fact::Os& os,
                         const fact::Hardware& hardware) override;
  Result<Change> apply(std::span<const ReceivedFact> facts, std::uint64_t next_seq) override;
  std::uint64_t next_seq() const override;
  void seen(const DeviceId& device, Time received, std::uint64_t seq) override;
  Result<void> flush(bool now_please) override;
  Result<Change> expire() override;

  StatePointer state(const DeviceId& device) const override;
  std::vector<StatePointer> states() const override;
  Rejected rejected(const DeviceId& device) const override;
  Result<std::vector<StoredFact>> facts(const DeviceId& device) const override;
  Result<std::vector<HistoryEntry>> history(const DeviceId& device, std::size_t limit) const override;
  std::vector<NamedPackage> package_names(const DeviceId& device) const override;
  Result<std::vector<InstalledPackage>> software(const DeviceId& device) const override;
  std::vector<Product> products(const std::function<bool(const Device&)>& visible) const override;

  Result<StatePointer> add(const NewDevice& device, const InTransaction& also) override;
  Result<StatePointer> edit(const DeviceId& device, const DeviceEdit& edit, const InTransaction& also) override;
  Result<void> retire(const DeviceId& device, const InTransaction& also) override;
  Result<StatePointer> hand_over(const DeviceId& device, const AgencyId& agency, const InTransaction& also) override;

  std::vector<Approval> approvals() const override;
  std::optional<Approval> approval(const ApprovalId& id) const override;
  Result<std::vector<Approval>> approve(const NewApproval& approval, const ApprovalsInTransaction& also) override;
  Result<std::vector<Approval>> approve_baseline(const DeviceId& device, const std::string& note,
                                                 std::optional<Day> expires_on, const std::string& approved_by,
                                                 const ApprovalsInTransaction& also,
                                                 const std::set<std::string>& except) override;
  Result<void> withdraw(const ApprovalId& id, const InTransaction& also) override;

  std::vector<WifiNetwork> wifi() const override;
  Result<void> record_wifi(const WifiEdit& edit, const InTransaction& also) override;

 private:
  // shared_ptr: readers list a device's packages while a newer list is published.
  using InstalledPointer = std::shared_ptr<const Installed>;

  // When and by whom a package was installed.
  struct Installation {
    std::optional<Time> at;
    std::string by;
  };
  using InstalledList = std::map<PackageNumber, Installation>;

  // What is held of one kind of fact, enough to compare the next one with.
  struct Held {
    bool present = false;
    Time collected_at;
    Time changed_at;
    Digests digests;
  };
  struct Entry {
    std::int64_t number = 0;
    StatePointer state;
    InstalledPointer installed;  // Null until the first list of packages.
    Rejected rejected;
    std::array<Held, fact::kind_count> held;
    fact::Os os;  // Only what guess_class() asks.
    fact::Hardware hardware;
    std::int64_t history_number = 0;
  };
  // What one call is about to store and publish.
  struct Staged {
    std::map<DeviceId, Entry> entries;
    std::map<std::int64_t, InstalledList> lists;  // By number of the device.
    std::vector<tables::FactRow> facts;
    std::vector<std::pair<std::int64_t, HistoryEntry>> history;
    struct Sighting {
      WifiKey key;
      DeviceId device;
      WifiSighting sighting;
    };
    std::vector<Sighting> sightings;
    std::map<DeviceId, Change::OfDevice> changes;
    std::set<AgencyId> wifi_agencies;
    std::vector<IdentityClaim> claims;
    InTransaction also;
    std::optional<std::uint64_t> next_seq;
    std::size_t strangers = 0;  // Facts of devices that are not (or no longer) ours.

    bool empty() const { return entries.empty(); }
    Change change() const;
    void note(const DeviceId& device, TopicSet topics, TopicSet content);
  };

  std::optional<Device> living(const std::string& identity_key) const;

  // Staging; the caller holds writer_.
  Entry* stage(Staged& staged, const DeviceId& device) const;  // nullptr: unknown or retired.
  void take(Staged& staged, const ReceivedFact& fact);
  void reject(Staged& staged, const ReceivedFact& fact, const Error& error) const;
  void take_packages(Staged& staged, Entry& entry, const fact::Fact& fact, const ReceivedFact& received,
                     Time collected_at, HistoryEntry& history);
  void take_networks(Staged& staged, const Entry& entry, const fact::Wifi& wifi, const ReceivedFact& received,
                     Time collected_at, const std::string& method) const;
  // What a device says of itself never changes who it is: only enrolment does (docs/adr/0126).
  static void note_claim(Staged& staged, const std::string& key, const ReceivedFact& received, const Device& device);
  static void stage_fact_row(Staged& staged, const Entry& entry, const fact::Fact& fact, const HistoryEntry& history,
                             Time received_at);
  // Sets the class anew from the facts, unless a person has said; true when it changed.
  static bool reclass(Entry& entry, DeviceState& state);
  // Matches the packages with the approvals of this moment; nullopt when nothing changed.
  bool rejudge(Entry& entry, DeviceState& state, Time now) const;
  // Stages every living device in `agency` or below that has one of the products and stands differently now.
  void rejudge_products(Staged& staged, const AgencyId& agency, const std::vector<std::string>& products,
                        Time now) const;
  bool reaches(const AgencyId& agency, const AgencyId& below) const;
  Result<std::vector<Approval>> approve_locked(const NewApproval& wanted, const ApprovalsInTransaction& also);
  Change publish_rejudged(const AgencyId& agency, const std::vector<std::string>& products, Time now);

  Result<void> commit(Staged& staged);  // Stores and publishes; the caller holds writer_.
  Result<void> save(records::Connection& db, Staged& staged, const std::vector<tables::DeviceRow>& seen) const;
  Result<void> save_list(records::Connection& db, std::int64_t device, const InstalledList& list) const;
  void publish(Staged& staged);  // The caller holds mutex_, too.
  void tell(const Change& change) const;
  Result<void> load_tables(records::Connection& db);
  // Of a device's pending security updates: package → offered version.
  Result<std::map<std::string, std::string>> offered(std::int64_t device_number) const;
  std::optional<std::int64_t> number(const DeviceId& device) const;
  void restore(tables::FactRow row, Entry& entry) const;
  Time now() const;  // Whole milliseconds: what the tables hold.

  Dependencies deps_;

  std::mutex writer_;  // Held by a writer from its first look to its publication.

  mutable std::shared_mutex mutex_;  // Guards everything below; never held while the disk works.
  std::map<DeviceId, Entry> entries_;
  Catalogue catalogue_;
  WifiBook wifi_;
  std::set<DeviceId> seen_unsaved_;
  std::uint64_t next_seq_ = 0;
  std::uint64_t next_seq_saved_ = 0;
  // Only the writer touches these.
  std::size_t packages_saved_ = 0;
  std::vector<PackageNumber> sources_unsaved_;
  std::int64_t device_number_last_ = 0;
  Duration flushed_at_{};
  Time expired_until_;
};

}  // namespace luy::inventory
