#include "evidence/filter.h"

#include <algorithm>
#include <array>

namespace luy::evidence {
namespace {

// Parquet's BloomFilter.md, section "Technical Approach".
constexpr std::array<std::uint32_t, 8> salts = {0x47b6137bU, 0x44974d91U, 0x8824ad5bU, 0xa2b7289dU,
                                                0x705495c7U, 0x2df1424bU, 0x9efc4947U, 0x5c6bfb31U};

std::size_t block_of(std::uint64_t hash, std::size_t blocks) {
  return static_cast<std::size_t>((hash >> 32U) * blocks >> 32U);
}

// Byte (little-endian words) and bit of a hash in lane `lane` of its block.
struct Bit {
  std::size_t byte;
  std::uint8_t mask;
};
Bit bit_of(std::uint64_t hash, std::size_t lane) {
  const std::uint32_t bit = static_cast<std::uint32_t>(hash) * salts[lane] >> 27U;
  return {lane * 4 + bit / 8, static_cast<std::uint8_t>(1U << (bit % 8))};
}

}  // namespace

std::string make_filter(const std::vector<std::uint64_t>& hashes) {
  const std::size_t bits = hashes.size() * filter_bits_per_token;
  const std::size_t blocks = std::max<std::size_t>(1, (bits + filter_block_bytes * 8 - 1) / (filter_block_bytes * 8));
  std::string out(blocks * filter_block_bytes, '\0');
  for (const std::uint64_t hash : hashes) {
    char* block = out.data() + block_of(hash, blocks) * filter_block_bytes;
    for (std::size_t lane = 0; lane < salts.size(); ++lane) {
      const Bit bit = bit_of(hash, lane);
      block[bit.byte] = static_cast<char>(static_cast<std::uint8_t>(block[bit.byte]) | bit.mask);
    }
  }
  return out;
}

std::size_t filter_place(std::size_t filter_bytes, std::uint64_t hash) {
  return block_of(hash, filter_bytes / filter_block_bytes) * filter_block_bytes;
}

bool filter_block_may_have(std::string_view block, std::uint64_t hash) {
  for (std::size_t lane = 0; lane < salts.size(); ++lane) {
    const Bit bit = bit_of(hash, lane);
    if ((static_cast<std::uint8_t>(block[bit.byte]) & bit.mask) == 0) return false;
  }
  return true;
}

bool filter_may_have(std::string_view filter, std::uint64_t hash) {
  if (filter.empty() || filter.size() % filter_block_bytes != 0) return true;
  return filter_block_may_have(filter.substr(filter_place(filter.size(), hash), filter_block_bytes), hash);
}

}  // namespace luy::evidence
