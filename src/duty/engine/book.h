// The verdicts in memory: subjects, one slot per obligation and subject, counts per agency and obligation, and the
// queue of what time alone will change. Knows no check and no database; everything that changes is noted for both. Not
// thread-safe: the engine locks.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <queue>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/clock.h"
#include "duty/checks/check.h"
#include "duty/reason.h"
#include "duty/verdict.h"

namespace luy::duty {

using AgencyNumber = std::uint32_t;
using SubjectNumber = std::uint32_t;
using SlotNumber = std::uint32_t;
using ObligationNumber = std::uint16_t;

// What a subject is to the engine; decides where its facts come from.
enum class Role : std::uint8_t { agency, device, device_account, product_account, network };

struct SubjectRow {
  Subject subject;
  Role role = Role::agency;
  AgencyNumber agency = 0;
  std::optional<DeviceId> device;
  std::string account;  // Of a device account: its name on the device.
  std::vector<SlotNumber> slots;
  bool alive = false;
};

struct Slot {
  ObligationNumber obligation = 0;
  SubjectNumber subject = 0;
  State state = State::unknown;
  Code code = Code::no_record;
  std::string arguments;     // Packed.
  std::vector<Basis> basis;  // `method` points into Book's table of methods.
  Time since;
  Time judged_at;
  Time born;  // When the engine first met this subject under this obligation.
  std::optional<Time> changes_at;
  std::optional<Time> queued_at;  // Its entry in the queue, at or before changes_at.
  bool alive = false;
};

// What the database holds of a verdict from before the start.
struct Prior {
  State state = State::unknown;
  std::string code;
  Time since;
  Time born;
  std::optional<Time> changes_at;
  std::vector<std::optional<std::uint64_t>> seqs;
};

// What is to be stored and told.
struct Pending {
  std::set<SlotNumber> rows;
  std::vector<std::pair<ObligationNumber, std::string>> gone;  // Obligation and subject id.
  struct History {
    ObligationNumber obligation = 0;
    std::string subject_id;
    std::string subject_name;
    std::optional<DeviceId> device;
    Time at;
    State state = State::unknown;
    Code code = Code::no_record;
    std::string arguments;
    std::vector<Proof> proof;
  };
  std::vector<History> history;
  std::vector<VerdictChange> told;
  bool empty() const { return rows.empty() && gone.empty() && history.empty() && told.empty(); }
};

class Book {
 public:
  explicit Book(std::vector<std::string> obligations);

  // Subjects. A removed one takes its verdicts with it.
  SubjectNumber add_subject(SubjectRow row);
  void remove_subject(SubjectNumber number, Time now);
  SubjectRow& subject(SubjectNumber number) { return subjects_[number]; }
  const SubjectRow& subject(SubjectNumber number) const { return subjects_[number]; }

  // Agencies keep their number for the engine's life.
  AgencyNumber agency_number(const AgencyId& id);
  const AgencyId& agency_id(AgencyNumber number) const { return agencies_[number]; }
  std::optional<AgencyNumber> find_agency(const AgencyId& id) const;
  std::size_t agency_count() const { return agencies_.size(); }

  // What a slot that is about to be made was before the start.
  void expect(ObligationNumber obligation, const std::string& subject_id, Prior prior);
  // Verdicts stored before the start whose subject did not come back.
  void drop_expected();

  // When the engine first met the subject under this obligation; `now` when it does now.
  Time born(ObligationNumber obligation, SubjectNumber subject, Time now) const;
  // Takes a judgement in; only a change of state or code is stored and told.
  void settle(ObligationNumber obligation, SubjectNumber subject, const Judgement& judgement, Time now);
  void remove(ObligationNumber obligation, SubjectNumber subject, Time now);

  std::optional<SlotNumber> find(ObligationNumber obligation, SubjectNumber subject) const;
  std::optional<SlotNumber> find(ObligationNumber obligation, std::string_view subject_id) const;
  const Slot& slot(SlotNumber number) const { return slots_[number]; }
  Verdict verdict(SlotNumber number) const;
  const std::string& obligation_id(ObligationNumber number) const { return obligations_[number]; }
  std::optional<ObligationNumber> find_obligation(std::string_view id) const;
  std::size_t obligation_count() const { return obligations_.size(); }
  // Of one obligation, in order of subject id.
  const std::map<std::string_view, SlotNumber>& of_obligation(ObligationNumber number) const {
    return ordered_[number];
  }

  const Counts& counts(AgencyNumber agency, ObligationNumber obligation) const {
    return cells_[agency * obligations_.size() + obligation].counts;
  }
  // Verdicts about something other than the agency itself.
  std::size_t real(AgencyNumber agency, ObligationNumber obligation) const {
    return cells_[agency * obligations_.size() + obligation].real;
  }
  std::size_t size() const { return alive_; }

  // The next slot whose judgement ends at or before `now`; its entry leaves the queue.
  std::optional<SlotNumber> pop_due(Time now);
  std::optional<Time> next_change() const;

  Pending& pending() { return pending_; }
  // Whether changes are collected for listeners.
  void tell(bool wanted) { tell_ = wanted; }

 private:
  struct Cell {
    Counts counts;
    std::size_t real = 0;
  };
  struct Queued {
    Time at;
    SlotNumber slot = 0;
    bool operator>(const Queued& other) const { return at > other.at; }
  };
  Cell& cell(const Slot& slot) {
    return cells_[subjects_[slot.subject].agency * obligations_.size() + slot.obligation];
  }
  SlotNumber make_slot(ObligationNumber obligation, SubjectNumber subject);
  void begin_slot(Slot& slot, const Judgement& judgement, Time now);
  void write(Slot& slot, const Judgement& judgement, Time now);
  void note(SlotNumber number, std::optional<State> before, Time at);
  void queue(SlotNumber number);
  std::vector<Proof> proof_of(const Slot& slot) const;

  std::vector<std::string> obligations_;
  std::unordered_map<std::string, ObligationNumber> obligation_numbers_;
  std::vector<AgencyId> agencies_;
  std::unordered_map<AgencyId, AgencyNumber> agency_numbers_;
  std::deque<SubjectRow> subjects_;  // Deque: ordered_ holds views of the ids.
  std::vector<SubjectNumber> free_subjects_;
  std::vector<Slot> slots_;
  std::vector<SlotNumber> free_slots_;
  std::vector<std::map<std::string_view, SlotNumber>> ordered_;
  std::vector<Cell> cells_;
  std::size_t alive_ = 0;
  std::unordered_set<std::string> methods_;
  std::priority_queue<Queued, std::vector<Queued>, std::greater<>> queue_;
  std::map<std::pair<ObligationNumber, std::string>, Prior> priors_;
  Pending pending_;
  bool tell_ = true;
};

}  // namespace luy::duty
