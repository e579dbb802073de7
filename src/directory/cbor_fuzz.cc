// Any bytes: reading ends, and what was read can be walked.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "directory/cbor.h"
#include "directory/webauthn.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  std::string_view rest = bytes;
  if (const auto item = luy::directory::read_cbor(rest)) {
    (void)item->find("authData");
    (void)item->find(std::int64_t{3});
  }
  const luy::directory::RelyingParty party{"luy.vn", "https://luy.vn"};
  static const std::string_view client_data =
      R"({"type":"webauthn.create","challenge":"YQ","origin":"https://luy.vn","crossOrigin":false})";
  (void)luy::directory::check_registration(party, "a", client_data, bytes);
  (void)luy::directory::check_registration(party, "a", bytes, "");
  return 0;
}
