#include "agent/linux/firewall_rules.h"

#include <simdjson.h>

#include <map>
#include <set>
#include <string>

#include "agent/collector.h"
#include "agent/linux/text.h"

namespace luy::agent {
namespace {

using simdjson::dom::element;

std::string field(element object, std::string_view key) {
  std::string_view text;
  return object[key].get(text) == simdjson::SUCCESS ? std::string(text) : std::string();
}

struct Chain {
  bool input = false;    // Hooked where packets come in.
  bool refuses = false;  // By policy or by a rule.
  std::set<std::string> jumps;
};

std::string chain_key(element object, const std::string& name) {
  return field(object, "family") + ' ' + field(object, "table") + ' ' + name;
}

void read_expression(element expression, element rule, Chain& chain) {
  element verdict;
  if (expression["drop"].error() == simdjson::SUCCESS || expression["reject"].error() == simdjson::SUCCESS) {
    chain.refuses = true;
  }
  for (const char* kind : {"jump", "goto"}) {
    if (expression[kind].get(verdict) == simdjson::SUCCESS)
      chain.jumps.insert(chain_key(rule, field(verdict, "target")));
  }
  // iptables-nft rules whose target has no nft form: {"xt": {"type": "target", "name": "DROP"}}
  if (expression["xt"].get(verdict) == simdjson::SUCCESS) {
    const std::string name = field(verdict, "name");
    chain.refuses = chain.refuses || name == "DROP" || name == "REJECT";
  }
}

bool refuses(const std::map<std::string, Chain>& chains, const std::string& key, std::set<std::string>& seen) {
  if (!seen.insert(key).second) return false;
  const auto found = chains.find(key);
  if (found == chains.end()) return false;
  if (found->second.refuses) return true;
  for (const std::string& next : found->second.jumps) {
    if (refuses(chains, next, seen)) return true;
  }
  return false;
}

}  // namespace

Result<fact::Firewall> read_nft(std::string_view json) {
  simdjson::dom::parser parser(16 << 20);
  simdjson::dom::array entries;
  if (parser.parse(simdjson::padded_string(json))["nftables"].get(entries) != simdjson::SUCCESS) {
    return Error(collector_failed, "nft: unexpected output");
  }
  fact::Firewall out{"nftables", false, 0};
  std::map<std::string, Chain> chains;
  for (const element entry : entries) {
    element object;
    if (entry["chain"].get(object) == simdjson::SUCCESS) {
      Chain& chain = chains[chain_key(object, field(object, "name"))];
      const std::string hook = field(object, "hook");
      chain.input = hook == "input" || hook == "ingress" || hook == "prerouting";
      chain.refuses = chain.refuses || (chain.input && field(object, "policy") == "drop");
    } else if (entry["rule"].get(object) == simdjson::SUCCESS) {
      ++out.rules;
      simdjson::dom::array expressions;
      if (object["expr"].get(expressions) != simdjson::SUCCESS) continue;
      Chain& chain = chains[chain_key(object, field(object, "chain"))];
      for (const element expression : expressions) read_expression(expression, object, chain);
    }
  }
  for (const auto& [key, chain] : chains) {
    std::set<std::string> seen;
    out.active = out.active || (chain.input && refuses(chains, key, seen));
  }
  return out;
}

// *filter / :INPUT DROP [0:0] / -A INPUT -p tcp --dport 22 -j ACCEPT / COMMIT
fact::Firewall read_iptables(std::string_view text) {
  fact::Firewall out{"iptables", false, 0};
  std::map<std::string, Chain> chains;
  std::string table;
  for (const std::string_view line : lines(text)) {
    const auto fields = words(line);
    if (fields.empty()) continue;
    if (fields[0].starts_with('*')) table = fields[0].substr(1);
    if (fields[0].starts_with(':') && fields.size() >= 2) {
      Chain& chain = chains[table + ' ' + std::string(fields[0].substr(1))];
      chain.input = fields[0] == ":INPUT" || fields[0] == ":PREROUTING";
      chain.refuses = chain.input && fields[1] == "DROP";
    }
    if (fields[0] != "-A" || fields.size() < 2) continue;
    ++out.rules;
    Chain& chain = chains[table + ' ' + std::string(fields[1])];
    for (std::size_t i = 2; i + 1 < fields.size(); ++i) {
      if (fields[i] != "-j" && fields[i] != "-g") continue;
      if (fields[i + 1] == "DROP" || fields[i + 1] == "REJECT") chain.refuses = true;
      chain.jumps.insert(table + ' ' + std::string(fields[i + 1]));
    }
  }
  for (const auto& [key, chain] : chains) {
    std::set<std::string> seen;
    out.active = out.active || (chain.input && refuses(chains, key, seen));
  }
  return out;
}

}  // namespace luy::agent
