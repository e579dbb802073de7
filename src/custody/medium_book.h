// The register of external media and of the copies of closed days on them.
//
// Threads: every function from any thread; they wait for the disk.
#pragma once

#include <boost/json.hpp>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "custody/medium.h"
#include "directory/audit.h"
#include "records/database.h"

namespace luy::custody {

// The tables of this module.
std::span<const records::Migration> migrations();

class MediumBook {
 public:
  struct Dependencies {
    records::Database& database;
    directory::AuditTrail& audit;
    const Clock& clock;
    Random& random;
    // Puts a record into the evidence and waits until it is durable; answers its seq. Not called in a transaction.
    std::function<Result<std::uint64_t>(const boost::json::object& note)> note;
    // SHA-256 of the day's file as it is now, hexadecimal; nullopt when the day is not closed or not there.
    std::function<Result<std::optional<std::string>>(Day)> digest_of;
  };
  explicit MediumBook(Dependencies dependencies) : d_(std::move(dependencies)) {}

  using Permit = std::function<Result<void>()>;  // Asked in the transaction.
  // `wanted` without id and times. Errors: those of `permit`, medium_invalid, medium_taken, media_too_many.
  Result<Medium> add(const directory::Caller& caller, const Permit& permit, Medium wanted);
  // Name, custodian and place. Errors: those of `permit`, medium_unknown, medium_retired, medium_changed,
  // medium_invalid.
  Result<Medium> change(const directory::Caller& caller, const Permit& permit, const Medium& wanted);
  // Twice does no harm. Errors: those of `permit`, medium_unknown, medium_invalid.
  Result<Medium> retire(const directory::Caller& caller, const Permit& permit, const MediumId& id,
                        std::string_view reason);

  Result<std::vector<Medium>> list() const;       // Newest first.
  Result<Medium> find(const MediumId& id) const;  // Errors: medium_unknown.
  // Those in use that are what is plugged in. Errors: medium_unknown when there is not exactly one; medium_retired
  // when only a retired one is.
  Result<Medium> recognise(const Identity& present) const;
  // Of media in use, newest first, by day.
  Result<std::map<Day, std::vector<Copy>>> copies() const;
  Result<std::map<MediumId, std::vector<Copy>>> copies_by_medium() const;

  // What was read back of a day's copy.
  struct ReadBack {
    Day day;
    std::string sha256;
    std::uint64_t bytes = 0;
    std::vector<std::string> cosigned_by{};  // At most witness_names_max.
    bool stamped = false;
  };
  // Takes down that these days lie on the medium and were read back just now: a record of the evidence first, then the
  // register. All or nothing. Errors: medium_unknown, medium_retired, copy_refused when a day's present file is another
  // (or it is not closed), those of the evidence and the database.
  Result<std::uint64_t> note_copies(const directory::Caller& caller, const MediumId& id, const std::string& by,
                                    const std::vector<ReadBack>& days);
  struct Checked {
    Day day;
    std::string sha256;
    bool sound = true;
  };
  // What reading the whole medium found. A day that is not named is not on it any more, and one that is not what was
  // copied is damaged, whatever the medium says. `fault`: the first thing that is wrong, empty for nothing. Errors: as
  // note_copies().
  Result<std::uint64_t> note_check(const directory::Caller& caller, const MediumId& id, const std::string& by,
                                   const std::vector<Checked>& days, const std::string& fault);

 private:
  const Dependencies d_;
};

}  // namespace luy::custody
