// The officer who answers for information security in an agency, by a decision, and the training of people
// (article 11.5).
//
// Threads: every function from any thread; they wait for the disk.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "directory/audit.h"
#include "people/duty_record.h"
#include "people/person.h"
#include "records/database.h"
#include "regulation/pack.h"

namespace luy::people {

inline constexpr ErrorKind appointment_unknown{"people.appointment_unknown", ErrorClass::not_found,
                                               "Không tìm thấy quyết định phân công này.",
                                               "There is no such appointment."};
inline constexpr ErrorKind training_unknown{"people.training_unknown", ErrorClass::not_found,
                                            "Không tìm thấy lần tập huấn này.", "There is no such training."};
inline constexpr ErrorKind register_invalid{"people.register_invalid", ErrorClass::invalid,
                                            "Nội dung không hợp lệ: {}.", "The entry is not valid: {}."};

inline constexpr std::size_t trained_at_once_max = 500;
inline constexpr unsigned training_hours_max = 1'000;
inline constexpr days presence_days{30};  // Whoever has not signed in for so long is not at work here.

using AppointmentId = Id<struct AppointmentTag>;
using TrainingId = Id<struct TrainingTag>;

struct Appointment {
  AppointmentId id{};
  AgencyId agency{};
  PersonId person{};
  std::string person_name{};
  std::string decision{};  // "12/QĐ-UBND"
  Day day{};
  std::optional<Day> until{};
  std::optional<Time> ended_at{};
  std::string end_reason{};
  std::string act{};  // As the audit trail knows it.
  bool in_force(Day on) const { return !ended_at && day <= on && (!until || on <= *until); }
};

struct Training {
  TrainingId id{};
  PersonId person{};
  std::string person_name{};
  AgencyId agency{};
  std::string topic{};
  Day day{};
  unsigned hours = 0;
  std::string given_by{};
  std::string act{};
};

struct NewTraining {
  std::vector<Person> persons;
  std::string topic;
  Day day{};
  unsigned hours = 0;
  std::string given_by;
};

class OfficerBook {
 public:
  // How somebody stands now.
  struct Presence {
    bool present = false;
    regulation::Text why_not{};
  };
  struct Dependencies {
    records::Database& database;
    directory::AuditTrail& audit;
    const Clock& clock;
    Random& random;
    Duration training_period{};  // From one training to the next.
    double due_share = 0.2;      // The next is due in this last part of it.
    std::function<Presence(const PersonId&)> presence;
    std::function<void(const AgencyId&)> changed;  // After the commit.
  };
  explicit OfficerBook(Dependencies dependencies) : d_(std::move(dependencies)) {}

  using Permit = std::function<Result<void>(const AgencyId&)>;  // Asked in the transaction.
  // Errors: those of `permit`, person_gone, register_invalid, text_invalid.
  Result<Appointment> appoint(const directory::Caller& caller, const Permit& permit, const AgencyId& agency,
                              const Person& person, const std::string& decision, Day day, std::optional<Day> until);
  // Errors: those of `permit`, appointment_unknown (also when it has ended), text_invalid.
  Result<Appointment> end(const directory::Caller& caller, const Permit& permit, const AppointmentId& id,
                          const std::string& reason);
  // One entry for each person, all or none. Errors: those of `permit`, register_invalid, text_invalid.
  Result<std::vector<Training>> train(const directory::Caller& caller, const Permit& permit, const NewTraining& wanted);
  // Was entered by mistake. Errors: those of `permit`, training_unknown, text_invalid.
  Result<void> remove_training(const directory::Caller& caller, const Permit& permit, const TrainingId& id,
                               const std::string& reason);

  Result<std::vector<Appointment>> appointments() const;  // The newest first, ended ones too.
  Result<std::vector<Training>> trainings() const;        // By day, the newest first.
  Presence presence(const PersonId& person) const { return d_.presence(person); }
  // Until when the newest training of somebody counts; nullopt: there is none.
  std::optional<Day> trained_until(const std::vector<Training>& all, const PersonId& person) const;
  Result<DutyRecord> duty_record(const AgencyId& agency) const;

 private:
  const Dependencies d_;
};

}  // namespace luy::people
