// One item of a detection, "Field|modifier|modifier: value or list", as an expression: every modifier of Sigma 2.1,
// applied from left to right. Pure.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "detect/rule.h"
#include "detect/yaml.h"

namespace luy::detect {

// What fills %name% under the modifier `expand`: each value is a pattern of its own.
using Placeholders = std::map<std::string, std::vector<std::string>, std::less<>>;

inline constexpr std::size_t variants_max = 4096;  // Of one value, after placeholders and encodings.

struct ItemContext {
  std::string_view file;
  const Placeholders* placeholders;  // Borrowed, not null.
};

// Errors: unknown_modifier, bad_modifier, unfilled_placeholder, bad_regex, bad_network, over_limit.
Result<Expression> parse_item(const ItemContext& context, std::string_view key, const YamlNode& value);
// Words without a field: each is looked for in every value.
Result<Expression> parse_keywords(const ItemContext& context, const YamlNode& list);

// "10.0.0.0/8", "2001:db8::/32", or one address; bits beyond the prefix may be set and are ignored.
// Error: bad_network with `where` as its detail.
Result<Network> parse_network(std::string_view text, std::string_view where);
// The bytes of an address in text form, an IPv6 zone left out; 0 bytes when it is none.
std::size_t parse_address(std::string_view text, std::uint8_t (&bytes)[16]);
bool contains(const Network& network, std::string_view address);

}  // namespace luy::detect
