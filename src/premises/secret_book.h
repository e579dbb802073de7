// The register of devices for state secrets, their moves, the codes for looking at them, what the reports said, and
// where one was seen on a network.
//
// Threads: every function from any thread; those that write wait for the disk, the others read what is in memory.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <vector>

#include "base/random.h"
#include "directory/audit.h"
#include "premises/duty_record.h"
#include "premises/secret.h"
#include "premises/watch.h"
#include "records/database.h"

namespace luy::premises {

class SecretBook {
 public:
  struct Dependencies {
    records::Database& database;
    directory::AuditTrail& audit;
    const Clock& clock;
    Random& random;
    // Of an agency: what its duties 6.9 and 6.10 are judged by is another now. May be empty.
    std::function<void(const AgencyId&)> changed;
  };
  // Errors: those of the database.
  static Result<std::unique_ptr<SecretBook>> open(Dependencies dependencies);

  struct Entry {
    SecretDevice device;
    std::vector<Move> moves;          // Newest first,
    std::vector<SecretCheck> checks;  // as are these
    std::vector<Sighting> sightings;  // and these.
  };
  std::vector<Entry> list(bool with_retired) const;  // In order of label.
  Result<Entry> find(const SecretId& id) const;      // Errors: secret_unknown.
  Result<Entry> of_move(const MoveId& id) const;     // Errors: move_unknown.

  // Who acts, as the register keeps them.
  struct Actor {
    std::string name;
    AccountId account;
  };
  // Errors of all that write: text_invalid, holds_secret, those of the database, and
  // secret_invalid, secret_taken.
  Result<Entry> add(const directory::Caller& caller, SecretDevice wanted);
  // Serial number, network addresses and purpose; room and holder change by a move alone. Errors: secret_unknown,
  // secret_retired, secret_changed, secret_invalid, secret_taken.
  Result<Entry> change(const directory::Caller& caller, SecretDevice wanted);
  // Errors: secret_unknown, secret_retired, move_open.
  Result<Entry> retire(const directory::Caller& caller, const SecretId& id, std::string_view reason);

  // Errors: secret_unknown, secret_retired, move_open, secret_invalid.
  Result<Entry> ask_move(const directory::Caller& caller, const Actor& actor, Move wanted);
  // By another person than who asked. Errors: move_unknown, move_state, move_own.
  Result<Entry> decide_move(const directory::Caller& caller, const Actor& actor, const MoveId& id, bool approved,
                            std::string_view note);
  // It was handed over just now under this seal, before this witness: the register follows. Errors: move_unknown,
  // move_state.
  Result<Entry> finish_move(const directory::Caller& caller, const MoveId& id, std::string_view seal,
                            std::string_view witness, Time moved_at);
  // Everybody who was there has signed the minutes. Errors: move_unknown, move_state, secret_invalid (the day).
  Result<Entry> sign_move(const directory::Caller& caller, const MoveId& id, Day signed_on);

  // A fresh code for one look at the machine; those of before stop counting. It is told here and nowhere again. Errors:
  // secret_unknown, secret_retired, secret_invalid (no computer).
  Result<fact::OfflineCode> issue_code(const directory::Caller& caller, const SecretId& id);
  // What the machine said, as it was typed in from the paper. The code is spent with it. Errors: secret_unknown,
  // secret_retired, check_code_unknown, fact.offline_line_wrong, fact.offline_not_proved.
  Result<Entry> enter_report(const directory::Caller& caller, const Actor& actor, const SecretId& id,
                             std::string_view text, std::string_view room);

  // By an address of its network hardware ("02:00:00:00:00:0a") or its serial number in lower case: which devices are
  // looked for. Living ones alone.
  struct Needles {
    std::map<std::string, SecretId> macs;
    std::vector<std::pair<std::string, SecretId>> serials;
    bool empty() const { return macs.empty() && serials.empty(); }
  };
  Needles needles() const;
  // A record of the evidence that holds one of them. Errors: those of the database.
  Result<void> note_sighting(const SecretId& id, const std::string& source, const std::string& by, Time at,
                             std::uint64_t seq);
  // Somebody looked into all sightings of the device up to now. Errors: secret_unknown.
  Result<Entry> close_sightings(const directory::Caller& caller, const Actor& actor, const SecretId& id,
                                std::string_view reason);
  // How far the evidence was read for sightings. Errors: those of the database.
  Result<std::uint64_t> read_until() const;
  Result<void> set_read_until(std::uint64_t seq);

  DutyRecord device_record(const AgencyId& agency) const;
  DutyRecord handover_record(const AgencyId& agency) const;
  // Open sightings, as critical findings.
  Conditions conditions() const;

 private:
  explicit SecretBook(Dependencies dependencies) : d_(std::move(dependencies)) {}
  Result<void> load();
  Result<SecretDevice> living(const SecretId& id) const;
  // Runs `work`, whose answer is the device it was about, then reads that device anew.
  Result<Entry> act(const directory::Caller& caller, const char* name, const SecretDevice& about,
                    const std::function<Result<void>(records::Connection&, directory::AuditEntry&)>& work);
  Result<std::pair<Entry, Move>> move_at(const MoveId& id, Move::State state) const;

  const Dependencies d_;
  mutable std::shared_mutex mutex_;  // Guards what follows; not held while the disk works.
  std::map<SecretId, Entry> entries_;
};

// Which of the devices a record names, and by what ("mac", "serial"): an address as any program writes it, a serial
// number in whatever case. Pure.
struct NamedSecret {
  SecretId device;
  std::string by;
};
std::optional<NamedSecret> named_in(std::string_view raw, const SecretBook::Needles& needles);

// Names acts for finding their records in the audit trail.
std::string secret_act(const SecretId& id);
std::string move_act(const MoveId& id);
std::string secret_check_act(const SecretId& id);

}  // namespace luy::premises
