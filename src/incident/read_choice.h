// Shared by the readers of process.yaml and of playbooks.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "incident/process.h"
#include "regulation/map_reader.h"

namespace luy::incident {

// A list of {id, title}. Faults: those of MapReader, duplicate, and missing_key for an empty list.
std::vector<Choice> read_choices(regulation::MapReader& reader, std::string_view key, regulation::Faults& faults);
// The kinds of requests to providers, each with the record type of the pack that its answers are. Faults: those of
// read_choices(), unknown_name for a record type that the pack has not.
void read_provider_kinds(regulation::MapReader& reader, const regulation::Pack& pack, ProviderRules& rules,
                         regulation::Faults& faults);
// "72 hours", "1 working days", 1 to 3650 of them; nullopt for anything else.
std::optional<Limit> limit_from(std::string_view written);
std::vector<std::string_view> ids_of(const std::vector<Choice>& all);

}  // namespace luy::incident
