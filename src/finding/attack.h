// The techniques of MITRE ATT&CK for enterprises, version 19, that rules name, and the tactics they serve. © The MITRE
// Corporation; reproduced and distributed with its permission.
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
// The id that version 19 has for a technique or part of an earlier version ("T1562.004" is "T1686"); others unchanged.
std::string_view present_id(std::string_view id);
// Of a technique, by its present or an earlier id, or of the one that a part ("T1110.001") belongs to; nullptr when it
// is not in the table.
const Technique* find_technique(std::string_view id);

}  // namespace luy::finding
