#include "indicator/matcher.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

namespace luy::indicator {
namespace {

std::optional<std::array<std::uint8_t, 16>> bytes_of(std::string_view text, bool& v4) {
  if (text.size() >= INET6_ADDRSTRLEN) return std::nullopt;
  std::array<char, INET6_ADDRSTRLEN> zero_ended{};
  std::copy(text.begin(), text.end(), zero_ended.begin());
  std::array<std::uint8_t, 16> out{};
  out[10] = out[11] = 0xff;
  v4 = ::inet_pton(AF_INET, zero_ended.data(), out.data() + 12) == 1;
  if (v4) return out;
  if (::inet_pton(AF_INET6, zero_ended.data(), out.data()) != 1) return std::nullopt;
  return out;
}

std::string masked(std::array<std::uint8_t, 16> bytes, unsigned bits) {
  for (unsigned bit = bits; bit < 128; ++bit) {
    bytes[bit / 8] = static_cast<std::uint8_t>(bytes[bit / 8] & ~(0x80U >> (bit % 8)));
  }
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Whether the atom is a range that holds the address.
bool covers(const Atom& atom, const std::array<std::uint8_t, 16>& bytes) {
  const std::size_t slash = atom.value.find('/');
  if (atom.type != Type::address || slash == std::string::npos) return false;
  bool v4 = false;
  const auto low = bytes_of(std::string_view(atom.value).substr(0, slash), v4);
  unsigned bits = 0;
  std::from_chars(atom.value.data() + slash + 1, atom.value.data() + atom.value.size(), bits);
  bits += v4 ? 96 : 0;
  return low && bits <= 128 && masked(*low, bits) == masked(bytes, bits);
}

// What ends a word of a log line; '.', ':', '/', '@', '-', '_' and the like are within addresses.
constexpr std::array<bool, 256> separators = [] {
  std::array<bool, 256> out{};
  for (int i = 0; i <= 0x20; ++i) out[static_cast<std::size_t>(i)] = true;
  for (const char c : {'"', '\'', '<', '>', '(', ')', '[', ']', '{', '}', ',', ';', '|', '=', '\\', '`'}) {
    out[static_cast<unsigned char>(c)] = true;
  }
  return out;
}();

bool is_hex(std::string_view word) {
  return std::all_of(word.begin(), word.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); });
}

void lower(std::string& text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
}

}  // namespace

struct Matcher::Found {
  std::map<std::uint32_t, std::string> hits;
  std::set<std::pair<Type, std::string>> atoms;  // Everything that hit, for indicators of several.
  std::size_t words = 0;
  std::string buffer;
};

Matcher::Matcher(std::vector<Indicator> indicators) : indicators_(std::move(indicators)) {
  const auto index = [&](const Atom& atom, std::uint32_t number) {
    const std::size_t slash = atom.value.find('/');
    if (atom.type != Type::address || slash == std::string::npos) {
      tables_[static_cast<std::size_t>(atom.type)].emplace(atom.value, number);
      return;
    }
    bool v4 = false;
    const auto low = bytes_of(std::string_view(atom.value).substr(0, slash), v4);
    unsigned bits = 0;
    std::from_chars(atom.value.data() + slash + 1, atom.value.data() + atom.value.size(), bits);
    bits += v4 ? 96 : 0;
    if (!low || bits > 128) return;
    auto of_length = std::find_if(prefixes_.begin(), prefixes_.end(), [&](const Prefix& p) { return p.bits == bits; });
    if (of_length == prefixes_.end()) of_length = prefixes_.insert(prefixes_.end(), Prefix{bits, {}});
    of_length->table.emplace(masked(*low, bits), number);
  };
  for (std::uint32_t i = 0; i < indicators_.size(); ++i) {
    index(indicators_[i].atom, i);
    for (const Atom& atom : indicators_[i].also) index(atom, i);
  }
}

void Matcher::look_up_in(const Table& table, std::string_view key, std::string_view shown, Found& found) const {
  if (table.empty()) return;
  const auto [begin, end] = table.equal_range(key);
  for (auto it = begin; it != end; ++it) {
    const Indicator& indicator = indicators_[it->second];
    found.hits.try_emplace(it->second, shown);
    if (indicator.also.empty()) continue;
    if (indicator.atom.value == it->first) found.atoms.emplace(indicator.atom.type, indicator.atom.value);
    for (const Atom& atom : indicator.also) {
      if (atom.value == it->first) found.atoms.emplace(atom.type, atom.value);
    }
  }
}

bool Matcher::look_up_address(std::string_view text, Found& found) const {
  bool v4 = false;
  const auto bytes = bytes_of(text, v4);
  if (!bytes) return false;
  std::array<char, INET6_ADDRSTRLEN> canonical{};
  ::inet_ntop(v4 ? AF_INET : AF_INET6, v4 ? bytes->data() + 12 : bytes->data(), canonical.data(), canonical.size());
  look_up_in(tables_[static_cast<std::size_t>(Type::address)], canonical.data(), text, found);
  for (const Prefix& prefix : prefixes_) {
    const std::string key = masked(*bytes, prefix.bits);
    const auto [begin, end] = prefix.table.equal_range(std::string_view(key));
    for (auto it = begin; it != end; ++it) {
      const Indicator& indicator = indicators_[it->second];
      found.hits.try_emplace(it->second, text);
      if (indicator.also.empty()) continue;
      // Which of its ranges this was matters only where one indicator names several.
      if (covers(indicator.atom, *bytes)) found.atoms.emplace(indicator.atom.type, indicator.atom.value);
      for (const Atom& atom : indicator.also) {
        if (covers(atom, *bytes)) found.atoms.emplace(atom.type, atom.value);
      }
    }
  }
  return true;
}

void Matcher::look_up_host(std::string_view host, Found& found) const {
  if (host.empty() || host.size() > 253) return;
  const char first = host.front();
  const bool maybe_address = (first >= '0' && first <= '9') || host.find(':') != std::string_view::npos;
  if (maybe_address && look_up_address(host, found)) return;
  const Table& table = tables_[static_cast<std::size_t>(Type::domain)];
  if (table.empty()) return;
  while (!host.empty() && host.back() == '.') host.remove_suffix(1);
  for (std::string_view rest = host; rest.find('.') != std::string_view::npos;) {
    look_up_in(table, rest, host, found);
    rest.remove_prefix(rest.find('.') + 1);
  }
}

void Matcher::look_up(std::string_view word, Found& found) const {
  while (!word.empty() && (word.back() == '.' || word.back() == ':' || word.back() == '!' || word.back() == '?')) {
    word.remove_suffix(1);
  }
  if (word.size() < 4 || word.size() > value_bytes_max) return;
  if ((word.size() == 32 || word.size() == 40 || word.size() == 64) && is_hex(word)) {
    found.buffer.assign(word);
    lower(found.buffer);
    look_up_in(tables_[static_cast<std::size_t>(Type::hash)], found.buffer, word, found);
    return;
  }
  const bool dotted = word.find('.') != std::string_view::npos;
  const std::size_t colon = word.find(':');
  if (!dotted && colon == std::string_view::npos) return;
  std::string text(word);
  lower(text);
  std::string_view host = text;
  const std::size_t scheme = text.find("://");
  if (scheme != std::string::npos) {
    std::string_view url = host.substr(0, std::min(text.find('#'), text.size()));
    while (!url.empty() && url.back() == '/') url.remove_suffix(1);
    look_up_in(tables_[static_cast<std::size_t>(Type::url)], url, word, found);
    host.remove_prefix(scheme + 3);
  }
  if (const std::size_t path = host.find_first_of("/?#"); path != std::string_view::npos) host = host.substr(0, path);
  if (const std::size_t at = host.rfind('@'); at != std::string_view::npos) {
    if (scheme == std::string::npos) look_up_in(tables_[static_cast<std::size_t>(Type::email)], host, word, found);
    host.remove_prefix(at + 1);
  }
  if (host.find(':') != std::string_view::npos && look_up_address(host, found)) return;
  look_up_host(host.substr(0, host.rfind(':')), found);
}

void Matcher::look_through(std::string_view text, Found& found) const {
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && !separators[static_cast<unsigned char>(text[i])]) continue;
    if (i - begin >= 4) {
      if (++found.words > words_max) return;
      look_up(text.substr(begin, i - begin), found);
    }
    begin = i + 1;
  }
}

std::vector<Hit> Matcher::finish(Found& found, Time now) const {
  std::vector<Hit> out;
  for (auto& [number, value] : found.hits) {
    const Indicator& one = indicators_[number];
    if (one.valid_until && *one.valid_until <= now) continue;
    const auto there = [&](const Atom& atom) { return found.atoms.contains({atom.type, atom.value}); };
    if (!one.also.empty() && (!there(one.atom) || !std::all_of(one.also.begin(), one.also.end(), there))) continue;
    out.push_back({number, std::move(value)});
  }
  return out;
}

std::vector<Hit> Matcher::match(std::string_view text, Time now) const {
  if (indicators_.empty()) return {};
  Found found;
  look_through(text, found);
  return finish(found, now);
}

std::vector<Hit> Matcher::match(const event::Event& event, Time now) const {
  if (indicators_.empty()) return {};
  Found found;
  for (const auto& value : event.values()) look_through(value.text, found);
  for (const auto& label : event.labels()) look_through(label.text, found);
  return finish(found, now);
}

}  // namespace luy::indicator
