#include "incident/place.h"

#include <algorithm>
#include <array>
#include <span>

namespace luy::incident {
namespace {

using Kinds = std::span<const std::string_view>;
constexpr std::array<std::string_view, 4> communes = {"phường ", "xã ", "thị trấn ", "đặc khu "};
constexpr std::array<std::string_view, 4> districts = {"thị xã ", "thành phố ", "huyện ", "quận "};

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '.')) text.remove_suffix(1);
  return text;
}

// As people write it: the first letter may be a capital.
bool begins_with(std::string_view text, std::string_view kind) {
  if (text.starts_with(kind)) return true;
  const auto capital = [](std::string_view small) -> std::string {
    if (small.starts_with("đ")) return "Đ" + std::string(small.substr(std::string_view("đ").size()));
    return std::string(1, static_cast<char>(small.front() - 'a' + 'A')) + std::string(small.substr(1));
  };
  return text.starts_with(capital(kind));
}

// The name behind the kind of unit; empty when the text is no such unit's.
std::string name_after(std::string_view text, Kinds kinds) {
  for (const std::string_view kind : kinds) {
    if (begins_with(text, kind)) return std::string(trimmed(text.substr(kind.size())));
  }
  return {};
}

// Of the units that the address names, the first of one of the kinds.
std::string unit_in(std::string_view address, Kinds kinds) {
  while (!address.empty()) {
    const std::size_t end = std::min(address.find_first_of(",;-"), address.size());
    std::string name = name_after(trimmed(address.substr(0, end)), kinds);
    if (!name.empty()) return name;
    address.remove_prefix(std::min(end + 1, address.size()));
  }
  return {};
}

// "Ủy ban nhân dân thị xã Bỉm Sơn" → "thị xã Bỉm Sơn"; empty for what is no committee's name.
std::string unit_of_committee(std::string_view agency_name) {
  for (const std::string_view committee : {"Ủy ban nhân dân ", "Uỷ ban nhân dân ", "UBND "}) {
    if (agency_name.starts_with(committee)) return std::string(trimmed(agency_name.substr(committee.size())));
  }
  return {};
}

}  // namespace

std::string place_from(std::string_view agency_name, std::string_view address) {
  const std::string unit = unit_of_committee(agency_name);
  for (const Kinds kinds : {Kinds(communes), Kinds(districts)}) {
    if (std::string own = name_after(unit, kinds); !own.empty()) return own;
  }
  std::string place = unit_in(address, districts);
  return place.empty() ? unit_in(address, communes) : place;
}

}  // namespace luy::incident
