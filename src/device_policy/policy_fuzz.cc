// Whatever comes instead of a policy, an answer or a receipt ends in an error or in something that reads as the same.
#include "device_policy/policy.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace luy::device_policy;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto policy = read(text)) {
    std::map<std::string, std::string> sections;
    if (policy->antivirus) sections["antivirus"] = to_json(*policy->antivirus);
    auto again = read(to_document(policy->device, policy->version, policy->issued_at, sections)).value();
    again.unknown = policy->unknown;
    LUY_CHECK(again == *policy);
  }
  if (const auto answer = read_answer(text)) LUY_CHECK(read_answer(to_json(*answer)).value() == *answer);
  if (const auto receipt = read_receipt(text)) LUY_CHECK(read_receipt(to_json(*receipt)).value() == *receipt);
  static_cast<void>(claimed_version(text));
  return 0;
}
