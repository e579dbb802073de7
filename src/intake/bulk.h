// The body of Elasticsearch's `_bulk`: lines of JSON, an action and, behind it, the document. Pure; nothing of a
// document is interpreted beyond that it is a JSON object.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace luy::intake {

inline constexpr ErrorKind bulk_malformed{"intake.bulk_malformed", ErrorClass::invalid,
                                          "Yêu cầu _bulk sai khuôn dạng: {}. Không ghi nhận phần nào.",
                                          "The _bulk request is malformed: {}. Nothing of it was stored."};

inline constexpr std::size_t bulk_items_max = 20'000;
inline constexpr std::size_t bulk_action_bytes_max = 4'096;
inline constexpr std::size_t bulk_id_bytes_max = 512;  // As Elasticsearch has it.
inline constexpr std::size_t bulk_index_bytes_max = 100;
inline constexpr std::size_t document_bytes_max = 1 << 20;
inline constexpr std::size_t document_depth_max = 64;

struct BulkItem {
  std::string action;         // "index", "create", "delete", "update".
  std::string index;          // Where it is meant to go.
  std::string id;             // Empty: none was given.
  std::string_view document;  // Borrowed from the body; empty where `error` is set.
  int status = 0;             // 0: may be stored. Else the item's own answer, with `error` and `reason`.
  std::string error{};
  std::string reason{};
};

// `index` is that of the path, for actions that name none. Errors: bulk_malformed, which as in Elasticsearch concerns
// the whole request: an action that is not one, too many items, no line feed at the end.
Result<std::vector<BulkItem>> parse_bulk(std::string_view body, std::string_view index);

}  // namespace luy::intake
