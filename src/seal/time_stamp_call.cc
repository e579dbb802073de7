#include "seal/time_stamp_call.h"

#include <utility>

#include "seal/http_call.h"

namespace luy::seal {

bool is_time_stamp_url(std::string_view url) {
  return http_address_of(url).has_value();
}

signature::TimeStampCall time_stamp_call(std::string url) {
  return [url = std::move(url)](std::string_view request) -> Result<std::string> {
    const auto to = http_address_of(url);
    if (!to) return Error(time_stamp_unreachable, url);
    return http_call({*to, true, "application/timestamp-query", std::string(request), signature::timestamp_bytes_max},
                     time_stamp_unreachable);
  };
}

}  // namespace luy::seal
