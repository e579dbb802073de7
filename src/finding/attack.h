// The techniques of MITRE ATT&CK for enterprises that rules name, and the tactics they serve. © The MITRE Corporation;
// reproduced and distributed with its permission.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace luy::finding {

struct Technique {
  std::string_view id;  // "T1110"
  std::string_view name;
  std::vector<std::string_view> tactics;  // Ids as in tags, at least one.
};
struct Tactic {
  std::string_view id;  // "credential-access"
  std::string_view vi;
  std::string_view en;
};

// In the order of an attack.
std::span<const Tactic> tactics();
std::span<const Technique> techniques();
// Of a technique, or of the one that a part ("T1110.001") belongs to; nullptr when it is not in the table.
const Technique* find_technique(std::string_view id);

}  // namespace luy::finding
