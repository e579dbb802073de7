// Whatever answers on the hub's port: the head is refused or lies within its bounds, the documents too.
#include <string_view>

#include "agent/enrolment.h"
#include "agent/http.h"
#include "base/check.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace luy::agent;
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 4) {
    case 0:
      if (const auto head = parse_http_head(bytes); head && *head) {
        LUY_CHECK((*head)->head_bytes <= bytes.size() && (*head)->body_bytes <= http_body_bytes_max);
        LUY_CHECK((*head)->status >= 200 && (*head)->status <= 599);
      }
      break;
    case 1:
      if (const auto enrolment = parse_enrolment(bytes)) LUY_CHECK(*parse_enrolment(to_json(*enrolment)) == *enrolment);
      break;
    case 2:
      static_cast<void>(parse_renewal(bytes).has_value());
      LUY_CHECK(error_sentence(500, bytes).size() < 1000);
      break;
    default:
      if (const auto url = parse_url(bytes)) LUY_CHECK(!url->host.empty() && url->port > 0);
  }
  return 0;
}
