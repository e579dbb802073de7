// What the audit trail rings about, as findings: an emergency account in use, somebody who decides locked out, one
// account in two places. Pure.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "evidence/record.h"
#include "finding/finding.h"

namespace luy::hub {

// nullopt for a record that is no such entry of the hub's own. `top` is where it lies when it stands in no agency.
// `username_of` tells whose account an id is; empty when unknown.
std::optional<finding::Report> alarm_of(const evidence::Record& record, const AgencyId& top,
                                        const std::function<std::string(const AccountId&)>& username_of);

}  // namespace luy::hub
