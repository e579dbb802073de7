// What a rule says to people: read from its document, with what Lũy adds under the key `luy`. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "detect/rule.h"
#include "detect/yaml.h"
#include "finding/finding.h"

namespace luy::finding {

struct RuleText {
  Text title;
  Text meaning;
  std::vector<Text> first_steps;
  std::vector<Text> false_positives;
  std::vector<std::string> articles;    // "15.2.d"
  std::vector<std::string> references;  // Addresses, as written.
  std::string description;
  bool vietnamese = false;  // Its author wrote it for people who read Vietnamese.
};

// Of one document of a rule file. A part that is missing or of the wrong shape is empty; where there is no Vietnamese
// the text says so and gives the original.
RuleText read_rule_text(const detect::YamlNode& document);

// "T1110.001" of "attack.t1110.001", in order, none twice; ids of earlier versions of ATT&CK as version 19 has them.
std::vector<std::string> techniques_of(const std::vector<std::string>& tags);
// "credential-access" of "attack.credential_access".
std::vector<std::string> tactics_of(const std::vector<std::string>& tags);

// A rule without a level counts as medium: its author thought it worth a look.
Severity severity_of(detect::Level level);

}  // namespace luy::finding
