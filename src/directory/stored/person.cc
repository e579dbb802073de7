#include "directory/stored/person.h"

#include <algorithm>

#include "directory/stored/account.h"
#include "directory/stored/agency.h"
#include "directory/stored/value.h"

namespace luy::directory {
namespace {

using records::Connection;
using records::Row;

constexpr std::string_view columns =
    "SELECT id, agency, name, position, email, phone, external_source, external_subject, state, since_day, until_day,"
    " merged_into, access_ended_at FROM person ";

std::optional<Day> maybe_day(const Row& row, int column) {
  const auto number = row.maybe_integer(column);
  if (!number) return std::nullopt;
  return day_of_number(*number);
}

Person person_of(const Row& row) {
  Person out;
  out.id = PersonId::trusted(row.text(0));
  out.agency = AgencyId::trusted(row.text(1));
  out.name = row.text(2);
  out.position = row.text(3);
  out.email = row.text(4);
  out.phone = row.text(5);
  if (auto source = row.maybe_text(6)) out.external = ExternalKey{*std::move(source), std::string(row.text(7))};
  const auto state = person_state_from_name(row.text(8));
  LUY_CHECK_MSG(state.has_value(), "a stored person has no state");
  out.state = *state;
  out.since = maybe_day(row, 9);
  out.until = maybe_day(row, 10);
  if (const auto into = row.maybe_text(11)) out.merged_into = PersonId::trusted(*into);
  if (const auto ended = row.maybe_integer(12)) out.access_ended_at = from_millis(*ended);
  return out;
}

std::optional<std::int64_t> number_of(const std::optional<Day>& day) {
  if (!day) return std::nullopt;
  return day_number(*day);
}

// One address of the common form: what mail is sent to, not everything that RFC 5322 would take.
bool is_email(std::string_view text) {
  const std::size_t at = text.find('@');
  if (at == std::string_view::npos || at == 0 || text.find('@', at + 1) != std::string_view::npos) return false;
  const std::string_view domain = text.substr(at + 1);
  const bool clean = std::none_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) <= 0x20 || std::string_view("<>()[],;:\\\"").find(c) != std::string_view::npos;
  });
  return clean && domain.find('.') != std::string_view::npos && !domain.starts_with('.') && !domain.ends_with('.');
}

bool is_phone(std::string_view text) {
  constexpr std::ptrdiff_t digits_min = 3;  // 113, 114, 115.
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  return std::count_if(text.begin(), text.end(), is_digit) >= digits_min &&
         std::all_of(text.begin(), text.end(), [&](char c) {
           return is_digit(c) || std::string_view("+ .-()").find(c) != std::string_view::npos;
         });
}

Result<void> check_optional(std::string_view field, std::string& text, std::size_t bytes_max) {
  if (text.find_first_not_of(' ') == std::string::npos) {
    text.clear();
    return {};
  }
  LUY_TRY(text, checked_text(field, text, bytes_max));
  return {};
}

}  // namespace

Result<Person> load_person(Connection& c, const PersonId& id) {
  std::optional<Person> found;
  LUY_TRY_VOID(c.query(std::string(columns) + "WHERE id = $1", {std::string_view(id.text())},
                       [&](const Row& row) { found = person_of(row); }));
  if (!found) return Error(person_unknown);
  return *std::move(found);
}

Result<std::vector<Person>> load_people(Connection& c, const std::optional<AgencyId>& agency) {
  std::vector<Person> out;
  const auto take = [&](const Row& row) { out.push_back(person_of(row)); };
  const std::string where = std::string(columns) + "WHERE merged_into IS NULL";
  if (agency) {
    LUY_TRY_VOID(c.query(where + " AND agency = $1", {std::string_view(agency->text())}, take));
  } else {
    LUY_TRY_VOID(c.query(where, {}, take));
  }
  return out;
}

Result<std::vector<Account>> load_accounts_of(Connection& c, const PersonId& person) {
  std::vector<AccountId> ids;
  LUY_TRY_VOID(c.query("SELECT id FROM account WHERE person = $1 ORDER BY username_key",
                       {std::string_view(person.text())},
                       [&](const Row& row) { ids.push_back(AccountId::trusted(row.text(0))); }));
  std::vector<Account> out;
  for (const AccountId& id : ids) {
    LUY_TRY(StoredAccount stored, load_account(c, id));
    out.push_back(std::move(stored.account));
  }
  return out;
}

Result<void> insert_person(Connection& c, const Person& person) {
  LUY_TRY_VOID(c.run(
      "INSERT INTO person (id, agency, name) VALUES ($1, $2, $3)",
      {std::string_view(person.id.text()), std::string_view(person.agency.text()), std::string_view(person.name)}));
  return store_person(c, person);
}

Result<void> store_person(Connection& c, const Person& person) {
  std::optional<std::string> source;
  std::optional<std::string> subject;
  if (person.external) {
    source = person.external->source;
    subject = person.external->subject;
    std::optional<std::string> other;
    LUY_TRY_VOID(c.query("SELECT name FROM person WHERE external_source = $1 AND external_subject = $2 AND id <> $3",
                         {std::string_view(*source), std::string_view(*subject), std::string_view(person.id.text())},
                         [&](const Row& row) { other = row.text(0); }));
    if (other) return Error(external_taken, *other);
  }
  std::optional<std::string> into;
  if (person.merged_into) into = person.merged_into->text();
  std::optional<std::int64_t> ended;
  if (person.access_ended_at) ended = to_millis(*person.access_ended_at);
  LUY_TRY_VOID(
      c.run("UPDATE person SET agency = $1, name = $2, position = $3, email = $4, phone = $5, external_source = $6,"
            " external_subject = $7, state = $8, since_day = $9, until_day = $10, merged_into = $11,"
            " access_ended_at = $12 WHERE id = $13",
            {std::string_view(person.agency.text()), std::string_view(person.name), std::string_view(person.position),
             std::string_view(person.email), std::string_view(person.phone), records::nullable(source),
             records::nullable(subject), name_of(person.state), records::nullable(number_of(person.since)),
             records::nullable(number_of(person.until)), records::nullable(into), records::nullable(ended),
             std::string_view(person.id.text())}));
  return {};
}

Result<void> check_person(Person& person) {
  LUY_TRY(person.name, checked_text("name", person.name, name_bytes_max));
  LUY_TRY_VOID(check_optional("position", person.position, position_bytes_max));
  LUY_TRY_VOID(check_optional("email", person.email, email_bytes_max));
  LUY_TRY_VOID(check_optional("phone", person.phone, phone_bytes_max));
  if (!person.email.empty() && !is_email(person.email)) return Error(bad_value, "email");
  if (!person.phone.empty() && !is_phone(person.phone)) return Error(bad_value, "phone");
  return {};
}

boost::json::object as_json(const Person& person) {
  boost::json::object out;
  out["name"] = person.name;
  out["agency"] = person.agency.text();
  if (!person.position.empty()) out["position"] = person.position;
  if (!person.email.empty()) out["email"] = true;
  if (!person.phone.empty()) out["phone"] = true;
  if (person.external) out["external"] = person.external->source;
  out["state"] = name_of(person.state);
  if (person.since) out["since"] = to_iso(*person.since);
  if (person.until) out["until"] = to_iso(*person.until);
  return out;
}

}  // namespace luy::directory
