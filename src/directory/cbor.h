// CBOR (RFC 8949) as authenticators write it (CTAP2 canonical form): definite lengths, shortest integers, no tags, no
// floats. Bounded, because browsers hand us what strangers make. Pure; borrows the bytes it is given.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace luy::directory {

inline constexpr std::size_t cbor_depth_max = 8;
inline constexpr std::size_t cbor_items_max = 256;  // Altogether.

struct CborText {
  std::string_view text;
  bool operator==(const CborText&) const = default;
};
struct CborBytes {
  std::string_view bytes;
  bool operator==(const CborBytes&) const = default;
};

struct Cbor {
  using List = std::vector<Cbor>;
  using Map = std::vector<std::pair<Cbor, Cbor>>;
  std::variant<std::monostate, bool, std::int64_t, CborText, CborBytes, List, Map> value;  // monostate: null.

  // The member of a map; null when it is none, or has no such key.
  const Cbor* find(std::string_view key) const;
  const Cbor* find(std::int64_t key) const;
  std::optional<std::int64_t> integer() const;
  std::optional<std::string_view> text() const;
  std::optional<std::string_view> bytes() const;
};

// Takes one item off the front of `bytes`. nullopt, with `bytes` in any state, for what is malformed, not canonical,
// has a key twice, or is over the limits.
std::optional<Cbor> read_cbor(std::string_view& bytes);

}  // namespace luy::directory
