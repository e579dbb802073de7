#include "agent/linux/containment.h"

#include <algorithm>

#include "agent/linux/child.h"
#include "agent/linux/text.h"
#include "agent/note.h"
#include "base/encoding.h"
#include "base/file.h"
#include "base/log.h"

namespace luy::agent {
namespace {

constexpr std::size_t state_bytes_max = 256 << 10;
constexpr std::string_view magic = "luy-containment 1";

bool is_v6(std::string_view address) {
  return address.find(':') != std::string_view::npos;
}

std::string timeout(Time until, Time now) {
  const auto left = std::chrono::ceil<std::chrono::seconds>(until - now).count();
  return " timeout " + std::to_string(std::max<std::int64_t>(left, 1)) + "s";
}

std::string set_of(const std::vector<Blocked>& blocked, bool v6, Time now) {
  std::string elements;
  for (const Blocked& one : blocked) {
    if (is_v6(one.address) != v6 || (one.until && *one.until <= now)) continue;
    elements += elements.empty() ? "" : ", ";
    elements += one.address + (one.until ? timeout(*one.until, now) : std::string());
  }
  std::string out = std::string("  set blocked") + (v6 ? "6" : "4") + " {\n    type " + (v6 ? "ipv6" : "ipv4") +
                    "_addr\n    flags timeout\n";
  if (!elements.empty()) out += "    elements = { " + elements + " }\n";
  return out + "  }\n";
}

// The rules for one way: what comes from a named peer's port, or goes to it.
std::string peers(const Isolation& isolation, bool inward) {
  const std::string way = inward ? "saddr " : "daddr ";
  const std::string port = inward ? " sport " : " dport ";
  std::string out;
  const auto allow = [&](const std::string& address, const char* protocol, unsigned number) {
    out += std::string("    ") + (is_v6(address) ? "ip6 " : "ip ") + way + address + ' ' + protocol + port +
           std::to_string(number) + " accept\n";
  };
  for (const std::string& address : isolation.hub) allow(address, "tcp", isolation.port);
  for (const std::string& address : isolation.dns) {
    allow(address, "udp", 53);
    allow(address, "tcp", 53);
  }
  if (isolation.dhcp) {  // RFC 2131 and RFC 8415: servers at 67 and 547, clients at 68 and 546.
    out += inward ? "    udp sport 67 udp dport 68 accept\n    udp sport 547 udp dport 546 accept\n"
                  : "    udp sport 68 udp dport 67 accept\n    udp sport 546 udp dport 547 accept\n";
  }
  // Without neighbour discovery (RFC 4861) no IPv6 address is reached, the hub's neither.
  out += inward ? "    icmpv6 type { nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert } accept\n"
                : "    icmpv6 type { nd-router-solicit, nd-neighbor-solicit, nd-neighbor-advert } accept\n";
  return out + "    drop\n";
}

struct Hook {
  std::string name;               // "input"
  std::string loopback;           // What of this machine with itself passes; empty where there is none.
  std::vector<std::string> ways;  // Which address of a packet may be blocked.
  std::string isolated;           // What becomes of a packet while isolation lasts.
};

std::string chain(const Hook& hook, bool isolated) {
  std::string out = "  chain " + hook.name + " {\n    type filter hook " + hook.name +
                    " priority -300; policy accept;\n" + hook.loopback;
  for (const std::string& way : hook.ways) {
    out += "    ip " + way + " @blocked4 drop\n    ip6 " + way + " @blocked6 drop\n";
  }
  if (isolated) out += "    meta nfproto @held " + hook.isolated + '\n';
  return out + "  }\n";
}

}  // namespace

std::string nft_script(const Contained& contained, Time now) {
  std::string out = "table inet luy_containment {}\ndelete table inet luy_containment\n";
  const bool isolated = contained.isolation && contained.isolation->until > now;
  const bool blocks = std::any_of(contained.blocked.begin(), contained.blocked.end(),
                                  [&](const Blocked& one) { return !one.until || *one.until > now; });
  if (!isolated && !blocks) return out;
  out += "table inet luy_containment {\n";
  if (isolated) {
    const std::string time = timeout(contained.isolation->until, now);
    out += "  set held {\n    type nf_proto\n    flags timeout\n    elements = { ipv4" + time + ", ipv6" + time +
           " }\n  }\n";
  }
  out += set_of(contained.blocked, false, now) + set_of(contained.blocked, true, now);
  if (isolated) {
    out += "  chain isolated_input {\n" + peers(*contained.isolation, true) + "  }\n";
    out += "  chain isolated_output {\n" + peers(*contained.isolation, false) + "  }\n";
  }
  const Hook hooks[] = {{"input", "    iifname \"lo\" accept\n", {"saddr"}, "jump isolated_input"},
                        {"output", "    oifname \"lo\" accept\n", {"daddr"}, "jump isolated_output"},
                        {"forward", "", {"saddr", "daddr"}, "drop"}};
  for (const Hook& hook : hooks) out += chain(hook, isolated);
  return out + "}\n";
}

std::string encode(const Contained& contained) {
  std::string out = std::string(magic) + '\n';
  if (const auto& isolation = contained.isolation) {
    out += "isolated " + to_rfc3339(isolation->until) + ' ' + std::to_string(isolation->port) +
           (isolation->dhcp ? " dhcp\n" : " -\n");
    for (const std::string& address : isolation->hub) out += "hub " + address + '\n';
    for (const std::string& address : isolation->dns) out += "dns " + address + '\n';
  }
  for (const Blocked& one : contained.blocked) {
    out += "block " + one.address + ' ' + (one.until ? to_rfc3339(*one.until) : std::string("-")) + '\n';
  }
  return out + "end " + std::to_string(crc32c(out)) + '\n';
}

std::optional<Contained> decode(std::string_view text) {
  const auto end = text.rfind("end ");
  if (end == std::string_view::npos ||
      text.substr(end) != "end " + std::to_string(crc32c(text.substr(0, end))) + '\n') {
    return std::nullopt;
  }
  Contained out;
  bool begun = false;
  for (const std::string_view line : lines(text.substr(0, end))) {
    const auto part = words(line);
    if (!begun) {
      if (line != magic) return std::nullopt;
      begun = true;
    } else if (part.size() == 4 && part[0] == "isolated") {
      const auto until = from_rfc3339(part[1]);
      const auto port = number(part[2]);
      if (!until || !port || *port < 1 || *port > 65535) return std::nullopt;
      out.isolation = Isolation{*until, {}, static_cast<std::uint16_t>(*port), {}, part[3] == "dhcp"};
    } else if (part.size() == 2 && out.isolation && (part[0] == "hub" || part[0] == "dns")) {
      if (order::normal_address(part[1]) != part[1]) return std::nullopt;
      (part[0] == "hub" ? out.isolation->hub : out.isolation->dns).emplace_back(part[1]);
    } else if (part.size() == 3 && part[0] == "block" && order::normal_address(part[1]) == part[1]) {
      const auto until = from_rfc3339(part[2]);
      if (!until && part[2] != "-") return std::nullopt;
      out.blocked.push_back({std::string(part[1]), until});
    } else {
      return std::nullopt;
    }
  }
  return begun ? std::optional(std::move(out)) : std::nullopt;
}

Result<void> Containment::apply(const Contained& wanted) const {
  if (setup_.nft.empty()) return Error(nft_missing);
  LUY_TRY(const ChildResult done,
          run_with_input({setup_.nft, "-f", "-"}, nft_script(wanted, setup_.clock.now()), nft_time_max));
  if (done.status == 0) return {};
  return Error(nft_failed, std::string(trim(std::string_view(done.output).substr(0, done.output.find('\n')))));
}

// Kept first, so that a restart in between restores what was wanted; put back when the kernel refuses.
Result<void> Containment::become(const Contained& wanted) {
  LUY_TRY_VOID(write_file_durably(setup_.file, encode(wanted)));
  if (auto applied = apply(wanted); !applied) {
    LUY_TRY_VOID(write_file_durably(setup_.file, encode(contained_)));
    return applied.error();
  }
  contained_ = wanted;
  owed_ = false;
  return {};
}

Result<void> Containment::restore() {
  const auto text = read_file(setup_.file, state_bytes_max);
  if (!text && text.error().is(file_not_found)) return {};
  if (!text) return text.error();
  auto kept = decode(*text);
  if (!kept) return Error(file_failed, setup_.file.string());
  contained_ = *std::move(kept);
  if (contained_.empty()) return {};
  owed_ = true;
  LUY_TRY_VOID(apply(contained_));
  owed_ = false;
  return {};
}

Result<void> Containment::isolate(const order::IsolateNetwork& wanted) {
  Contained next = contained_;
  next.isolation = Isolation{wanted.until, setup_.hub(), setup_.hub_port, wanted.dns, wanted.dhcp};
  if (next.isolation->hub.empty()) return Error(hub_unnamed, setup_.hub_name);
  return become(next);
}

Result<void> Containment::release() {
  Contained next = contained_;
  next.isolation.reset();
  return become(next);
}

Result<void> Containment::block(const order::BlockAddress& wanted) {
  const std::vector<std::string> hub = setup_.hub();
  if (std::find(hub.begin(), hub.end(), wanted.address) != hub.end()) return Error(would_cut_hub, wanted.address);
  Contained next = contained_;
  std::erase_if(next.blocked, [&](const Blocked& one) { return one.address == wanted.address; });
  if (next.blocked.size() >= blocked_max) return Error(containment_full, std::to_string(next.blocked.size()));
  next.blocked.push_back({wanted.address, wanted.until});
  return become(next);
}

Result<void> Containment::unblock(const std::string& address) {
  Contained next = contained_;
  std::erase_if(next.blocked, [&](const Blocked& one) { return one.address == address; });
  return become(next);
}

std::vector<Item> Containment::settle() {
  const Time now = setup_.clock.now();
  std::vector<Item> notes;
  Contained next = contained_;
  if (next.isolation && next.isolation->until <= now) {
    notes.push_back(make_note("isolation_ended", now, {{"until", to_rfc3339(next.isolation->until)}}));
    next.isolation.reset();
  }
  std::erase_if(next.blocked, [&](const Blocked& one) {
    const bool over = one.until && *one.until <= now;
    if (over) notes.push_back(make_note("block_ended", now, {{"address", one.address}}));
    return over;
  });
  if (notes.empty() && !owed_) return {};
  if (auto done = become(next); !done) {
    if (std::exchange(told_, done.error().text()) != told_) log(LogLevel::error, "agent", told_);
    return {};
  }
  told_.clear();
  return notes;
}

}  // namespace luy::agent
