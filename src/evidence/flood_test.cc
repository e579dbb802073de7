// Goal: nobody who sends lines can make the tables of a block slow, though the hash of the filters is public.
// Method: tokens whose hashes collide in the bits that place them, and values whose whole hashes collide, by the
// thousand; processor time.
#include <gtest/gtest.h>

#include <ctime>

#include "evidence/columns.h"
#include "evidence/token.h"

namespace luy::evidence {
namespace {

double seconds_since(std::clock_t begun) {
  return static_cast<double>(std::clock() - begun) / CLOCKS_PER_SEC;
}

TEST(HashFlood, TokensOfOnePlaceCostNoMoreThanOthers) {
  TokenSet set;
  const std::clock_t begun = std::clock();
  constexpr std::uint64_t count = 200'000;
  for (std::uint64_t i = 1; i <= count; ++i) set.add(i << 32U | 7U);
  for (std::uint64_t i = 1; i <= count; ++i) set.add(i << 32U | 7U);
  EXPECT_EQ(set.values().size(), count);
  EXPECT_LT(seconds_since(begun), 5);
}

bool is_value_byte(char c) {
  return is_word_byte(c) || is_joiner_byte(c);
}

// Of 24 bytes that all have the same hash: the second word cancels what the first made of the state.
std::vector<std::string> values_of_one_hash(std::size_t count) {
  std::vector<std::string> out;
  for (std::uint64_t i = 0; out.size() < count; ++i) {
    std::string value = std::to_string(10'000'000 + i);
    const std::uint64_t cancel = hash_mix((hash_key0 ^ 24U) ^ load_little_endian(value.data()), hash_key1);
    for (int byte = 0; byte < 8; ++byte) value += static_cast<char>(cancel >> (8 * byte));
    bool usable = true;
    for (const char c : value) usable = usable && is_value_byte(c);
    if (usable) out.push_back(value + "aaaaaaaa");
  }
  return out;
}

TEST(HashFlood, ValuesOfOneHashCostNoMoreThanOthers) {
  const std::vector<std::string> values = values_of_one_hash(60'000);
  std::string padded = values.front() + std::string(8, '\0');
  const std::uint64_t hash = hash_padded(padded.data(), 24);
  std::string raw;
  std::vector<std::uint32_t> begins;
  for (const std::string& value : values) {
    padded = value + std::string(8, '\0');
    ASSERT_EQ(hash_padded(padded.data(), 24), hash);
    begins.push_back(static_cast<std::uint32_t>(raw.size()));
    raw += value + '\n';
  }
  begins.push_back(static_cast<std::uint32_t>(raw.size()));
  const std::size_t size = raw.size();
  raw.append(columns_slack, '\0');
  ColumnEncoder encoder;
  const std::clock_t begun = std::clock();
  encoder.encode(std::string_view(raw).substr(0, size), begins);
  EXPECT_LT(seconds_since(begun), 5);
}

// What is stored does not depend on the secret of a table.
TEST(HashFlood, TwoTablesAnswerAlike) {
  TokenSet a;
  TokenSet b;
  Tokenizer tokenizer;
  for (TokenSet* set : {&a, &b}) tokenizer.add_tokens("Nov 22 host sshd[7]: Failed for root from 10.0.0.7", *set);
  EXPECT_EQ(a.values(), b.values());
  for (const std::uint64_t token : a.values()) EXPECT_TRUE(b.has(token));
  EXPECT_FALSE(a.has(token_hash("absent")));
}

}  // namespace
}  // namespace luy::evidence
