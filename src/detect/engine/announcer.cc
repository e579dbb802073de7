#include "detect/engine/announcer.h"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace luy::detect {
namespace {

// Text as ordinary machines write it all day, folded: what occurs in it announces nothing.
constexpr std::string_view ordinary =
    "c:\\windows\\system32\\svchost.exe -k netsvcs -p -s schedule\n"
    "c:\\windows\\syswow64\\rundll32.exe c:\\windows\\explorer.exe c:\\windows\\temp\\\n"
    "c:\\windows\\system32\\cmd.exe /c c:\\windows\\system32\\conhost.exe 0xffffffff -forcev1\n"
    "\"c:\\windows\\system32\\windowspowershell\\v1.0\\powershell.exe\" -noprofile -executionpolicy bypass -file "
    "-command\n"
    "\"c:\\program files\\mozilla firefox\\firefox.exe\" -contentproc --type=renderer\n"
    "\"c:\\program files (x86)\\microsoft\\edge\\application\\msedge.exe\" google chrome chrome.exe\n"
    "c:\\windows\\system32\\services.exe lsass.exe winlogon.exe taskhostw.exe dllhost.exe wmiprvse.exe\n"
    "c:\\users\\user\\appdata\\local\\temp\\ \\appdata\\roaming\\microsoft\\ \\downloads\\ \\desktop\\ \\documents\\\n"
    "c:\\programdata\\microsoft\\windows defender\\ c:\\users\\public\\ .exe .dll .tmp .log .txt .ps1 .lnk .ini .dat\n"
    "nt authority\\system nt authority\\network service nt authority\\local service high medium system\n"
    "hklm\\software\\microsoft\\windows\\currentversion\\run hkcu\\software\\classes\\ "
    "hklm\\system\\currentcontrolset\\services\\\n"
    "dword (0x00000001) binary data microsoft corporation microsoft windows operating system signed true valid\n"
    "sha1= md5= sha256= imphash= http://www. https:// .com .net .org user-agent mozilla/5.0 windows nt 10.0\n"
    "/usr/bin/ /bin/sh /bin/bash /usr/sbin/ /etc/ /var/log/ /tmp/ /home/ root sshd sudo cron systemd python3 perl\n"
    "get-content set-item new-object write-host invoke- param function return foreach where-object import-module $_ | "
    "{ } ;\n";

// By the number of bytes; longer ones as the last.
constexpr double rates[] = {1,    0.9,   0.6,   0.35,  0.2,   0.1,   0.06,  0.04,   0.03,  0.02,   0.015,
                            0.01, 0.008, 0.006, 0.005, 0.004, 0.003, 0.002, 0.0015, 0.001, 0.0008, 0.0006,
                            4e-4, 3e-4,  2e-4,  1e-4,  8e-5,  6e-5,  4e-5,  3e-5,   2e-5,  1e-5,   1e-6};

std::optional<Announcers> cheapest_part(const Node& node, const CostOf& cost_of) {
  std::optional<Announcers> best;
  for (const Node& part : node.parts) {
    auto found = announcers_of(part, cost_of);
    if (found && (!best || found->cost < best->cost)) best = std::move(found);
  }
  return best;
}

std::optional<Announcers> every_part(const Node& node, const CostOf& cost_of) {
  Announcers out;
  for (const Node& part : node.parts) {
    auto found = announcers_of(part, cost_of);
    if (!found) return std::nullopt;
    out.cost += found->cost;
    std::move(found->predicates.begin(), found->predicates.end(), std::back_inserter(out.predicates));
  }
  return out;
}

}  // namespace

double rate_of(Predicate::Kind kind, std::string_view literal, std::size_t uses) {
  double rate = rates[std::min(literal.size(), std::size(rates) - 1)];
  if (kind == Predicate::Kind::exact) rate = std::min(rate, 0.02);
  if (kind == Predicate::Kind::prefix || kind == Predicate::Kind::suffix) rate = std::min(rate, 0.3) * 0.7;
  if (kind != Predicate::Kind::exact && ordinary.find(literal) != std::string_view::npos) rate = std::max(rate, 0.25);
  // What many rules ask for is what often happens.
  return rate * (1 + std::log2(static_cast<double>(std::max<std::size_t>(uses, 1))) / 3);
}

std::optional<Announcers> announcers_of(const Node& node, const CostOf& cost_of) {
  switch (node.kind) {
    case Step::Kind::predicate: {
      const auto cost = cost_of(node.predicate);
      if (!cost) return std::nullopt;
      return Announcers{{cost->first}, cost->second};
    }
    case Step::Kind::all:
      return cheapest_part(node, cost_of);
    case Step::Kind::any:
      return every_part(node, cost_of);
    case Step::Kind::negation:
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace luy::detect
