// Ids are distinct types over the same text: 26 characters of Crockford base 32 in lower case, 48 bits of milliseconds
// then 80 random bits (the layout of a ULID), so that ids sort by birth and cannot be guessed.
#pragma once

#include <compare>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/check.h"
#include "base/clock.h"
#include "base/random.h"

namespace luy {

inline constexpr std::size_t id_chars = 26;

std::string make_id_text(Time now, Random& random);
// Whether `text` is exactly what make_id_text writes. Everything from outside goes through this before it is an id.
bool is_id_text(std::string_view text);

template <class Tag>
class Id {
 public:
  Id() = default;
  static Id make(Time now, Random& random) { return Id(make_id_text(now, random)); }
  static std::optional<Id> parse(std::string_view text) {
    if (!is_id_text(text)) return std::nullopt;
    return Id(std::string(text));
  }
  // For text that our own database holds; aborts on anything else.
  static Id trusted(std::string_view text) {
    LUY_CHECK(is_id_text(text));
    return Id(std::string(text));
  }

  const std::string& text() const { return text_; }
  bool empty() const { return text_.empty(); }
  auto operator<=>(const Id&) const = default;

 private:
  explicit Id(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

using AgencyId = Id<struct AgencyTag>;
using PersonId = Id<struct PersonTag>;
using AccountId = Id<struct AccountTag>;
using DeviceId = Id<struct DeviceTag>;
using ApprovalId = Id<struct ApprovalTag>;
using SenderId = Id<struct SenderTag>;

}  // namespace luy

template <class Tag>
struct std::hash<luy::Id<Tag>> {
  std::size_t operator()(const luy::Id<Tag>& id) const noexcept { return std::hash<std::string>{}(id.text()); }
};
