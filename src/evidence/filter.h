// A set of token hashes with false positives but no false negatives: the split-block Bloom filter of the Apache Parquet
// format (blocks of 256 bits, eight salted bits per hash). Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace luy::evidence {

// 12 bits a token let about one block in 200 through in vain.
inline constexpr std::size_t filter_bits_per_token = 12;
inline constexpr std::size_t filter_block_bytes = 32;

std::string make_filter(const std::vector<std::uint64_t>& hashes);
// False: the token is certainly not there. A filter of impossible length answers true: it excludes nothing.
bool filter_may_have(std::string_view filter, std::uint64_t hash);

// The same of a filter of `filter_bytes` (a multiple of a block's) by the one block at filter_place().
std::size_t filter_place(std::size_t filter_bytes, std::uint64_t hash);
bool filter_block_may_have(std::string_view block, std::uint64_t hash);

}  // namespace luy::evidence
