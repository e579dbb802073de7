#include "directory/cbor.h"

namespace luy::directory {
namespace {

class Reader {
 public:
  explicit Reader(std::string_view& rest) : rest_(rest) {}

  std::optional<Cbor> item(std::size_t depth) {
    if (depth > cbor_depth_max || ++items_ > cbor_items_max || rest_.empty()) return std::nullopt;
    const auto first = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    const unsigned major = first >> 5U;
    if (major == 7) return simple(first);
    const auto argument = number(first & 31U);
    if (!argument) return std::nullopt;
    switch (major) {
      case 0:
        return signed_number(*argument, false);
      case 1:
        return signed_number(*argument, true);
      case 2:
      case 3:
        return run(*argument, major == 3);
      case 4:
        return list(*argument, depth);
      case 5:
        return map(*argument, depth);
      default:
        return std::nullopt;  // A tag.
    }
  }

 private:
  static std::optional<Cbor> simple(unsigned char first) {
    if (first == 0xf4 || first == 0xf5) return Cbor{first == 0xf5};
    if (first == 0xf6) return Cbor{};
    return std::nullopt;
  }

  static std::optional<Cbor> signed_number(std::uint64_t argument, bool negative) {
    if (argument > 0x7fffffffffffffffULL) return std::nullopt;
    const auto number = static_cast<std::int64_t>(argument);
    return Cbor{negative ? -1 - number : number};
  }

  // The argument of a head, in its shortest form.
  std::optional<std::uint64_t> number(unsigned info) {
    if (info < 24) return info;
    if (info > 27) return std::nullopt;  // Reserved, or of indefinite length.
    const std::size_t size = std::size_t{1} << (info - 24);
    if (rest_.size() < size) return std::nullopt;
    std::uint64_t out = 0;
    for (std::size_t i = 0; i < size; ++i) out = out << 8U | static_cast<unsigned char>(rest_[i]);
    rest_.remove_prefix(size);
    const std::uint64_t least = size == 1 ? 24 : std::uint64_t{1} << (size * 4);
    return out < least ? std::nullopt : std::optional(out);
  }

  std::optional<Cbor> run(std::uint64_t size, bool text) {
    if (size > rest_.size()) return std::nullopt;
    const std::string_view bytes = rest_.substr(0, size);
    rest_.remove_prefix(size);
    if (text) return Cbor{CborText{bytes}};
    return Cbor{CborBytes{bytes}};
  }

  std::optional<Cbor> list(std::uint64_t size, std::size_t depth) {
    if (size > cbor_items_max) return std::nullopt;
    Cbor::List out;
    for (std::uint64_t i = 0; i < size; ++i) {
      auto one = item(depth + 1);
      if (!one) return std::nullopt;
      out.push_back(std::move(*one));
    }
    return Cbor{std::move(out)};
  }

  std::optional<Cbor> map(std::uint64_t size, std::size_t depth) {
    if (size > cbor_items_max) return std::nullopt;
    Cbor::Map out;
    for (std::uint64_t i = 0; i < size; ++i) {
      auto key = item(depth + 1);
      if (!key || !(key->integer() || key->text())) return std::nullopt;
      for (const auto& [known, value] : out) {
        if (known.integer() == key->integer() && known.text() == key->text()) return std::nullopt;
      }
      auto value = item(depth + 1);
      if (!value) return std::nullopt;
      out.emplace_back(std::move(*key), std::move(*value));
    }
    return Cbor{std::move(out)};
  }

  std::string_view& rest_;
  std::size_t items_ = 0;
};

}  // namespace

const Cbor* Cbor::find(std::string_view key) const {
  const auto* map = std::get_if<Map>(&value);
  if (map == nullptr) return nullptr;
  for (const auto& [name, member] : *map) {
    if (name.text() == key) return &member;
  }
  return nullptr;
}

const Cbor* Cbor::find(std::int64_t key) const {
  const auto* map = std::get_if<Map>(&value);
  if (map == nullptr) return nullptr;
  for (const auto& [name, member] : *map) {
    if (name.integer() == key) return &member;
  }
  return nullptr;
}

std::optional<std::int64_t> Cbor::integer() const {
  const auto* found = std::get_if<std::int64_t>(&value);
  return found == nullptr ? std::nullopt : std::optional(*found);
}

std::optional<std::string_view> Cbor::text() const {
  const auto* found = std::get_if<CborText>(&value);
  return found == nullptr ? std::nullopt : std::optional(found->text);
}

std::optional<std::string_view> Cbor::bytes() const {
  const auto* found = std::get_if<CborBytes>(&value);
  return found == nullptr ? std::nullopt : std::optional(found->bytes);
}

std::optional<Cbor> read_cbor(std::string_view& bytes) {
  return Reader(bytes).item(0);
}

}  // namespace luy::directory
