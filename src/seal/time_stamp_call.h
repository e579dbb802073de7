// Asks a time-stamp service over HTTP (RFC 3161, section 3.4). Only the address that the administrator wrote down is
// ever called, without redirects; what it answers is checked by the signature module.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "signature/sign.h"

namespace luy::seal {

// Connection and answer together; finding the address of the name takes as long as the system's resolver allows.
inline constexpr std::chrono::seconds time_stamp_time_max{15};

inline constexpr ErrorKind time_stamp_unreachable{
    "seal.time_stamp_unreachable", ErrorClass::unavailable,
    "Không nhận được dấu thời gian từ dịch vụ đã khai báo ({}); văn bản vẫn như trước. Hãy kiểm tra mạng rồi làm lại.",
    "The configured time-stamp service did not answer ({}); the document is as it was. Check the network and try "
    "again."};

// "http://host[:port][/path]" or https; an IPv6 address stands in brackets.
bool is_time_stamp_url(std::string_view url);

// With https the service is verified against the system's authorities. The call blocks and is thread-safe. Errors of
// the call: time_stamp_unreachable, also for what is no such URL.
signature::TimeStampCall time_stamp_call(std::string url);

}  // namespace luy::seal
