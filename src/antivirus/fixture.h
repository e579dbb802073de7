// For tests: databases in ClamAV's form that nobody signed.
#pragma once

#include <openssl/evp.h>

#include <array>
#include <span>
#include <string>

#include "base/encoding.h"
#include "inventory/fixture.h"

namespace luy::antivirus {

inline std::string md5_of(const std::string& text) {
  std::array<unsigned char, 16> digest{};
  unsigned size = 0;
  LUY_CHECK(::EVP_Digest(text.data(), text.size(), digest.data(), &size, ::EVP_md5(), nullptr) == 1);
  return to_hex(std::span<const std::uint8_t>(digest));
}

inline std::string database(int version, const std::string& built = "20 Nov 2026 08-15 +0000") {
  const std::string body = "content of version " + std::to_string(version);
  std::string head = "ClamAV-VDB:" + built + ":" + std::to_string(version) + ":2000000:90:" + md5_of(body) +
                     ":AAAA:raynman:1763626500";
  head.resize(512, ' ');
  return head + body;
}

}  // namespace luy::antivirus
