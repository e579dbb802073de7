#include "people/officer.h"

#include <algorithm>

#include "people/account_link.h"
#include "people/text.h"

namespace luy::people {
namespace {

namespace json = boost::json;

Error invalid(const char* vi, const char* en) {
  return Error(register_invalid, vi, en);
}

Result<std::vector<Appointment>> load_appointments(records::Connection& c) {
  std::vector<Appointment> out;
  LUY_TRY_VOID(
      c.query("SELECT id, agency, person, person_name, decision, day, until, ended_at_us, end_reason, act FROM "
              "people_appointment ORDER BY id DESC",
              {}, [&](const records::Row& row) {
                Appointment one;
                one.id = AppointmentId::trusted(row.text(0));
                one.agency = AgencyId::trusted(row.text(1));
                one.person = PersonId::trusted(row.text(2));
                one.person_name = row.text(3);
                one.decision = row.text(4);
                one.day = day_from_iso(row.text(5)).value_or(Day());
                if (!row.null(6)) one.until = day_from_iso(row.text(6));
                if (!row.null(7)) one.ended_at = from_micros(row.integer(7));
                one.end_reason = row.text(8);
                one.act = row.text(9);
                out.push_back(std::move(one));
              }));
  return out;
}

Result<std::vector<Training>> load_trainings(records::Connection& c) {
  std::vector<Training> out;
  LUY_TRY_VOID(
      c.query("SELECT id, person, person_name, agency, topic, day, hours, given_by, act FROM people_training "
              "ORDER BY day DESC, id DESC",
              {}, [&](const records::Row& row) {
                Training one;
                one.id = TrainingId::trusted(row.text(0));
                one.person = PersonId::trusted(row.text(1));
                one.person_name = row.text(2);
                one.agency = AgencyId::trusted(row.text(3));
                one.topic = row.text(4);
                one.day = day_from_iso(row.text(5)).value_or(Day());
                one.hours = static_cast<unsigned>(row.integer(6));
                one.given_by = row.text(7);
                one.act = row.text(8);
                out.push_back(std::move(one));
              }));
  return out;
}

json::object summary_of(const Appointment& one) {
  return {{"agency", one.agency.text()}, {"person", one.person.text()},
          {"name", one.person_name},     {"decision", one.decision},
          {"day", to_iso(one.day)},      {"until", one.until ? json::value(to_iso(*one.until)) : json::value(nullptr)}};
}

json::object summary_of(const Training& one) {
  return {{"agency", one.agency.text()}, {"person", one.person.text()}, {"name", one.person_name}, {"topic", one.topic},
          {"day", to_iso(one.day)},      {"hours", one.hours},          {"by", one.given_by}};
}

}  // namespace

Result<Appointment> OfficerBook::appoint(const directory::Caller& caller, const Permit& permit, const AgencyId& agency,
                                         const Person& person, const std::string& decision, Day day,
                                         std::optional<Day> until) {
  directory::AuditEntry entry;
  entry.act = "officer_appoint";
  entry.object = "person:" + person.id.text();
  const auto work = [&](records::Connection& c, directory::AuditEntry& noted) -> Result<Appointment> {
    LUY_TRY_VOID(permit(agency));
    if (person.gone) return Error(person_gone, person.name);
    if (until && *until < day) return invalid("ngày hết hạn trước ngày phân công", "it ends before it begins");
    Appointment out;
    out.id = AppointmentId::make(d_.clock.now(), d_.random);
    out.agency = agency;
    out.person = person.id;
    out.person_name = person.name;
    LUY_TRY(out.decision, needed_text("decision", decision, name_bytes_max));
    out.day = day;
    out.until = until;
    out.act = out.id.text();
    const std::string first = to_iso(day);
    const auto last = until ? std::optional(to_iso(*until)) : std::nullopt;
    LUY_TRY_VOID(
        c.run("INSERT INTO people_appointment (id, agency, person, person_name, decision, day, until, end_reason, act) "
              "VALUES "
              "($1, $2, $3, $4, $5, $6, $7, '', $8)",
              {std::string_view(out.id.text()), std::string_view(agency.text()), std::string_view(person.id.text()),
               std::string_view(person.name), std::string_view(out.decision), std::string_view(first),
               records::nullable(last), std::string_view(out.act)}));
    noted.after = summary_of(out);
    noted.after["proof_of"] = out.act;
    return out;
  };
  auto made = d_.audit.perform(caller, std::move(entry), work);
  if (made && d_.changed) d_.changed(agency);
  return made;
}

Result<Appointment> OfficerBook::end(const directory::Caller& caller, const Permit& permit, const AppointmentId& id,
                                     const std::string& reason) {
  directory::AuditEntry entry;
  entry.act = "officer_end";
  entry.object = "appointment:" + id.text();
  const auto work = [&](records::Connection& c, directory::AuditEntry& noted) -> Result<Appointment> {
    LUY_TRY(const std::vector<Appointment> all, load_appointments(c));
    const auto found = std::find_if(all.begin(), all.end(), [&](const Appointment& one) { return one.id == id; });
    if (found == all.end() || found->ended_at) return Error(appointment_unknown);
    Appointment out = *found;
    LUY_TRY_VOID(permit(out.agency));
    LUY_TRY(out.end_reason, needed_text("reason", reason, reason_bytes_max));
    out.ended_at = d_.clock.now();
    LUY_TRY_VOID(c.run("UPDATE people_appointment SET ended_at_us = $2, end_reason = $3 WHERE id = $1",
                       {std::string_view(id.text()), to_micros(*out.ended_at), std::string_view(out.end_reason)}));
    noted.object = "person:" + out.person.text();
    noted.before = summary_of(out);
    noted.after = {{"agency", out.agency.text()}, {"reason", out.end_reason}};
    return out;
  };
  auto made = d_.audit.perform(caller, std::move(entry), work);
  if (made && d_.changed) d_.changed(made->agency);
  return made;
}

Result<std::vector<Training>> OfficerBook::train(const directory::Caller& caller, const Permit& permit,
                                                 const NewTraining& wanted) {
  directory::AuditEntry first;
  first.act = "training_add";
  const auto work = [&](records::Connection& c, directory::AuditEntry& of_first) -> Result<std::vector<Training>> {
    if (wanted.persons.empty() || wanted.persons.size() > trained_at_once_max) return invalid("số người", "the people");
    if (wanted.hours == 0 || wanted.hours > training_hours_max) return invalid("số giờ", "the hours");
    if (wanted.day > day_of(d_.clock.now())) return invalid("ngày ở tương lai", "a day in the future");
    LUY_TRY(const std::string topic, needed_text("topic", wanted.topic, name_bytes_max));
    LUY_TRY(const std::string given_by, needed_text("by", wanted.given_by, name_bytes_max));
    const std::string day = to_iso(wanted.day);
    std::vector<Training> out;
    for (const Person& person : wanted.persons) {
      LUY_TRY_VOID(permit(person.agency));
      Training one{TrainingId::make(d_.clock.now(), d_.random),
                   person.id,
                   person.name,
                   person.agency,
                   topic,
                   wanted.day,
                   wanted.hours,
                   given_by,
                   {}};
      one.act = one.id.text();
      LUY_TRY_VOID(
          c.run("INSERT INTO people_training (id, person, person_name, agency, topic, day, hours, given_by, "
                "act) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                {std::string_view(one.id.text()), std::string_view(person.id.text()), std::string_view(person.name),
                 std::string_view(person.agency.text()), std::string_view(topic), std::string_view(day),
                 std::int64_t{wanted.hours}, std::string_view(given_by), std::string_view(one.act)}));
      directory::AuditEntry entry;
      entry.act = "training_add";
      entry.object = "person:" + person.id.text();
      entry.after = summary_of(one);
      entry.after["proof_of"] = one.act;
      if (out.empty()) {
        of_first = std::move(entry);
      } else {
        LUY_TRY_VOID(d_.audit.note(c, caller, entry));
      }
      out.push_back(std::move(one));
    }
    return out;
  };
  auto made = d_.audit.perform(caller, std::move(first), work);
  if (!made || !d_.changed) return made;
  for (const Training& one : *made) d_.changed(one.agency);
  return made;
}

Result<void> OfficerBook::remove_training(const directory::Caller& caller, const Permit& permit, const TrainingId& id,
                                          const std::string& reason) {
  directory::AuditEntry entry;
  entry.act = "training_remove";
  entry.object = "training:" + id.text();
  const auto work = [&](records::Connection& c, directory::AuditEntry& noted) -> Result<Training> {
    LUY_TRY(const std::vector<Training> all, load_trainings(c));
    const auto found = std::find_if(all.begin(), all.end(), [&](const Training& one) { return one.id == id; });
    if (found == all.end()) return Error(training_unknown);
    LUY_TRY_VOID(permit(found->agency));
    LUY_TRY(const std::string why, needed_text("reason", reason, reason_bytes_max));
    LUY_TRY_VOID(c.run("DELETE FROM people_training WHERE id = $1", {std::string_view(id.text())}));
    noted.object = "person:" + found->person.text();
    noted.before = summary_of(*found);
    noted.after = {{"agency", found->agency.text()}, {"reason", why}};
    return *found;
  };
  const auto removed = d_.audit.perform(caller, std::move(entry), work);
  if (!removed) return removed.error();
  if (d_.changed) d_.changed(removed->agency);
  return {};
}

Result<std::vector<Appointment>> OfficerBook::appointments() const {
  return d_.database.read([](records::Connection& c) { return load_appointments(c); });
}

Result<std::vector<Training>> OfficerBook::trainings() const {
  return d_.database.read([](records::Connection& c) { return load_trainings(c); });
}

std::optional<Day> OfficerBook::trained_until(const std::vector<Training>& all, const PersonId& person) const {
  std::optional<Day> newest;
  for (const Training& one : all) {
    if (one.person == person && (!newest || *newest < one.day)) newest = one.day;
  }
  if (newest) *newest += std::chrono::floor<days>(d_.training_period);
  return newest;
}

Result<DutyRecord> OfficerBook::duty_record(const AgencyId& agency) const {
  LUY_TRY(const std::vector<Appointment> all, appointments());
  LUY_TRY(const std::vector<Training> trained, trainings());
  const Time now = d_.clock.now();
  const Day today = day_of(now);
  // One officer who is there and trained is what the duty asks for: the best of them counts.
  DutyRecord good, due, bad;
  const auto ahead = std::chrono::duration_cast<Duration>(d_.training_period * d_.due_share);
  for (const Appointment& one : all) {
    if (one.agency != agency || !one.in_force(today)) continue;
    const Time since = day_begin(one.day);
    const regulation::Text training{"Tập huấn cho " + one.person_name, "Training of " + one.person_name};
    const auto until = trained_until(trained, one.person);
    const Time ends = until ? day_begin(*until) : since;
    if (const Presence there = d_.presence(one.person); !there.present) {
      bad.wait({one.person_name + ": " + there.why_not.vi, one.person_name + ": " + there.why_not.en}, day_begin(today),
               since, one.act);
    } else if (ends <= now) {
      bad.wait(training, ends, since, one.act);
    } else {
      DutyRecord& standing = ends - ahead <= now ? due : good;
      if (&standing == &due) due.wait(training, ends, since, one.act);
      const auto newest =
          std::find_if(trained.begin(), trained.end(), [&](const Training& each) { return each.person == one.person; });
      standing.keep(day_begin(newest->day), newest->act);
    }
  }
  if (good.kept > 0) return good;
  if (due.waiting > 0) return due;
  if (bad.waiting > 0) return bad;
  bad.wait({"Phân công cán bộ phụ trách an toàn thông tin", "Appoint an officer for information security"},
           day_begin(today), std::nullopt, "");
  return bad;
}

}  // namespace luy::people
