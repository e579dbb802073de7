// What an Elasticsearch says, as far as its log senders ask before and after `_bulk`. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/route.h"
#include "hub/http.h"
#include "intake/bulk.h"

namespace luy::hub {

// The index of "/_bulk" ("") and "/<index>/_bulk"; nullopt: another path.
std::optional<std::string> bulk_index(std::string_view path);
// Answers to what senders look at or set up before they send: version, licence, health, templates, policies, all of
// which are accepted and mean nothing here. nullopt: not one of these.
std::optional<api::Response> elastic_handshake(const Head& head);
// {"error":{"type","reason"},"status"}, as clients of Elasticsearch read it.
api::Response elastic_error(int status, std::string_view type, std::string_view reason);
// The answer to `_bulk`; an item's status says what became of it, 201 stored, 200 and 409 stored before.
api::Response bulk_answer(const std::vector<intake::BulkItem>& items, std::int64_t took_milliseconds);

}  // namespace luy::hub
