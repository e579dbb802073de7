#include "indicator/indicator.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "indicator/format/read.h"

namespace luy::indicator {
namespace {

constexpr std::array<std::string_view, type_count> type_names = {"address", "domain", "url", "hash", "email"};
constexpr std::array<std::string_view, 3> format_names = {"stix", "misp", "csv"};
constexpr int ipv4_prefix_min = 8;
constexpr int ipv6_prefix_min = 24;

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

bool is_domain(std::string_view text) {
  if (text.size() > 253 || text.find('.') == std::string_view::npos || text.find("..") != std::string_view::npos) {
    return false;
  }
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' ||
           static_cast<unsigned char>(c) >= 0x80;
  };
  const bool letters = std::any_of(text.begin(), text.end(), [](char c) { return c > '9'; });
  return letters && text.front() != '.' && std::all_of(text.begin(), text.end(), plain);
}

std::optional<std::string> address_of(std::string_view text) {
  const std::size_t slash = text.find('/');
  const std::string host(text.substr(0, slash));
  std::array<unsigned char, 16> bytes{};
  const bool v4 = ::inet_pton(AF_INET, host.c_str(), bytes.data()) == 1;
  if (!v4 && ::inet_pton(AF_INET6, host.c_str(), bytes.data()) != 1) return std::nullopt;
  int prefix = v4 ? 32 : 128;
  if (slash != std::string_view::npos) {
    const std::string_view digits = text.substr(slash + 1);
    const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), prefix);
    if (parsed.ec != std::errc() || parsed.ptr != digits.data() + digits.size()) return std::nullopt;
  }
  if (prefix < (v4 ? ipv4_prefix_min : ipv6_prefix_min) || prefix > (v4 ? 32 : 128)) return std::nullopt;
  const bool nobody =
      v4 ? bytes[0] == 0 || bytes[0] == 127 || bytes[0] >= 224
         : bytes[0] == 0xff || std::all_of(bytes.begin(), bytes.begin() + 15, [](auto b) { return b == 0; });
  if (nobody) return std::nullopt;
  std::array<char, INET6_ADDRSTRLEN> canonical{};
  ::inet_ntop(v4 ? AF_INET : AF_INET6, bytes.data(), canonical.data(), canonical.size());
  std::string out = canonical.data();
  if (prefix != (v4 ? 32 : 128)) out += "/" + std::to_string(prefix);
  return out;
}

}  // namespace

std::string_view name_of(Type type) {
  return type_names[static_cast<std::size_t>(type)];
}

std::optional<Type> type_from_name(std::string_view name) {
  const auto* found = std::find(type_names.begin(), type_names.end(), name);
  if (found == type_names.end()) return std::nullopt;
  return static_cast<Type>(found - type_names.begin());
}

std::string_view name_of(Format format) {
  return format_names[static_cast<std::size_t>(format)];
}

std::optional<Format> format_from_name(std::string_view name) {
  const auto* found = std::find(format_names.begin(), format_names.end(), name);
  if (found == format_names.end()) return std::nullopt;
  return static_cast<Format>(found - format_names.begin());
}

std::optional<Atom> make_atom(Type type, std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) text.remove_suffix(1);
  if (text.empty() || text.size() > value_bytes_max) return std::nullopt;
  if (std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) <= 0x20; })) {
    return std::nullopt;
  }
  std::string value = lower(text);
  switch (type) {
    case Type::address: {
      auto address = address_of(value);
      if (!address) return std::nullopt;
      return Atom{type, std::move(*address)};
    }
    case Type::domain:
      if (value.starts_with("*.")) value.erase(0, 2);
      while (!value.empty() && value.back() == '.') value.pop_back();
      if (!is_domain(value)) return std::nullopt;
      break;
    case Type::url: {
      value.resize(std::min(value.find('#'), value.size()));
      while (!value.empty() && value.back() == '/') value.pop_back();
      const std::size_t scheme = value.find("://");
      if (scheme == std::string::npos || scheme == 0) return std::nullopt;
      break;
    }
    case Type::hash: {
      const bool length = value.size() == 32 || value.size() == 40 || value.size() == 64;
      const auto hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
      if (!length || !std::all_of(value.begin(), value.end(), hex)) return std::nullopt;
      break;
    }
    case Type::email: {
      const std::size_t at = value.find('@');
      if (at == std::string::npos || at == 0 || !is_domain(std::string_view(value).substr(at + 1))) return std::nullopt;
      break;
    }
  }
  return Atom{type, std::move(value)};
}

Result<Imported> read_list(Format format, std::string_view bytes) {
  if (bytes.size() > list_bytes_max) return Error(list_too_large, std::to_string(list_bytes_max) + " B");
  if (bytes.starts_with("\xef\xbb\xbf")) bytes.remove_prefix(3);
  if (format == Format::csv) return read_csv(bytes);
  return format == Format::stix ? read_stix(bytes) : read_misp(bytes);
}

}  // namespace luy::indicator
