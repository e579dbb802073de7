// Ending a process that an order names, and no other.
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "order/order.h"

namespace luy::agent {

inline constexpr ErrorKind process_gone{"agent.process_gone", ErrorClass::not_found, "Tiến trình {} không còn chạy.",
                                        "The process {} does not run any more."};
inline constexpr ErrorKind process_other{
    "agent.process_other", ErrorClass::conflict,
    "Số tiến trình này nay thuộc về chương trình khác: {}. Không tiến trình nào bị dừng.",
    "That process number belongs to another program now: {}. Nothing was stopped."};
inline constexpr ErrorKind process_lasts{"agent.process_lasts", ErrorClass::unavailable,
                                         "Không dừng được tiến trình {}. Luy-agent cần quyền CAP_KILL.",
                                         "The process {} could not be stopped. luy-agent needs CAP_KILL."};

// How long a killed process may take to go.
inline constexpr Duration process_end_max = std::chrono::seconds(5);
// A larger file is not hashed, so an order with its hash is not carried out.
inline constexpr std::int64_t executable_bytes_max = 512 << 20;

// Takes hold of the process first and compares then, so that the number cannot pass to another in between. Errors:
// process_gone, process_other, process_lasts.
Result<void> stop_process(const order::StopProcess& wanted);

}  // namespace luy::agent
