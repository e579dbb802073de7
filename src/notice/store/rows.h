// Notices as rows; everything runs inside the caller's transaction.
#pragma once

#include <string_view>

#include "notice/notice.h"
#include "records/database.h"

namespace luy::notice {

// What notice_of() reads; a WHERE over `i` (notice_item) and `e` (notice_event) follows.
inline constexpr std::string_view notice_columns =
    "SELECT i.id, i.channel, i.person, i.webhook, i.state, i.digest, i.created_at, i.since, i.attempts, i.next_at, "
    "i.done_at, i.problem_vi, i.problem_en, e.kind, e.agency, e.at, e.title_vi, e.title_en, e.obligation, e.due, "
    "e.path "
    "FROM notice_item i JOIN notice_event e ON e.id = i.event ";
Notice notice_of(const records::Row& row);

}  // namespace luy::notice
