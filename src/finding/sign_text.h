// What findings say for which no rule speaks: by kind and sign, from signs.yml, which is built in. Pure.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "finding/finding.h"
#include "finding/rule_text.h"

namespace luy::finding {

struct SignText {
  RuleText text;
  std::vector<std::string> techniques;  // None where no technique of ATT&CK applies.
};
using SignTexts = std::map<std::string, SignText, std::less<>>;

std::string_view builtin_signs_text();
// A broken file is a bug of this repository and aborts.
SignTexts builtin_signs();

// The sign of a finding, by its kind and the words its group key begins with, which the parts of the hub that report
// it write: "service|<id>|down", "integrity|mass|…". Always one of builtin_signs(). `is_name`: the service concerned is
// a name of the DNS.
std::string_view sign_of(const Finding& finding, bool is_name);

// What the rule leaves unsaid is the sign's to say; of a rule's own texts nothing is replaced.
void fill_up(RuleText& text, std::vector<std::string>& techniques, const SignText& sign);

}  // namespace luy::finding
