// Names and phrases of roles and acts, for the sentences of a refusal and the page of rights.
#pragma once

#include <string_view>

#include "directory/policy.h"

namespace luy::directory {

struct RoleEntry {
  Role role;
  std::string_view name;
  std::string_view vi;
  std::string_view en;
};

struct ActionEntry {
  Action action;
  std::string_view name;
  std::string_view vi;
  std::string_view en;
  bool two = false;  // Takes a second person.
};

const RoleEntry& entry_of(Role role);
const ActionEntry& entry_of(Action action);

}  // namespace luy::directory
