// People as rows, for the services of this module; everything runs inside the caller's transaction.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "directory/person.h"

namespace luy::directory {

// The row itself, also of a record that was merged. Errors: person_unknown.
Result<Person> load_person(records::Connection& connection, const PersonId& person);
// All rows but merged ones, in no order.
Result<std::vector<Person>> load_people(records::Connection& connection, const std::optional<AgencyId>& agency);
// By user name.
Result<std::vector<Account>> load_accounts_of(records::Connection& connection, const PersonId& person);

Result<void> insert_person(records::Connection& connection, const Person& person);
// Everything but the id. Errors: external_taken.
Result<void> store_person(records::Connection& connection, const Person& person);

// What the texts of a record must be. Errors: bad_value naming the field.
Result<void> check_person(Person& person);

// For the audit trail. Addresses and numbers are told as present only: what is in the evidence cannot be taken out.
boost::json::object as_json(const Person& person);

}  // namespace luy::directory
