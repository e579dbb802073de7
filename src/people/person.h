// A person as this module needs them; the directory keeps them.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/id.h"

namespace luy::people {

struct Person {
  PersonId id;
  std::string name;
  std::string position;  // Empty when nobody wrote it down.
  AgencyId agency;
  bool leaving = false;                  // A leave is open.
  bool gone = false;                     // Out of service: answers for nothing any more.
  std::vector<std::string> usernames{};  // Of their accounts of the product.
};
using Persons = std::map<PersonId, Person>;

// Who does something: a signed-in person, or a command on the server (no ids).
struct Who {
  std::optional<AccountId> account;
  std::optional<PersonId> person;
  std::string name;
};

// Whoever is named in a record, as they were called then.
struct Named {
  std::string id;  // Of a person; empty for a command on the server.
  std::string name;
};

}  // namespace luy::people
