#include "hub/probe.h"

#include <algorithm>

#include "base/utf8.h"
#include "hub/probe_link.h"

namespace luy::hub {
namespace {

using watch::Kind;

// What the other end says may be any bytes; from here on it is text of one line.
void clean(std::string& text) {
  text = to_utf8(text);
  std::replace_if(
      text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, ' ');
}

void look_tcp(const watch::Target& target, const ProbeRules& rules, const ProbeTime& time, watch::Probe& probe) {
  const Duration begun = time.clock().monotonic();
  ProbeLink link(rules, time);
  MaybeTrouble trouble = link.connect(target.host, target.port);
  if (!trouble && target.tls) trouble = link.start_tls(target.host);
  probe.certificate = link.certificate();
  if (trouble) {
    probe.failure = trouble->failure;
    probe.detail = std::move(trouble->detail);
    return;
  }
  probe.latency = time.clock().monotonic() - begun;
}

}  // namespace

watch::Probe look_at(const watch::Service& service, const ProbeRules& rules, const Clock& clock,
                     const std::atomic<bool>& stop) {
  watch::Probe probe;
  const ProbeTime time(clock, rules.whole, stop);
  const auto target = watch::parse_target(service.kind, service.target);
  if (!target) {
    probe.failure = watch::Failure::bad_answer;
    probe.detail = target.error().detail();
  } else if (service.kind == Kind::http) {
    look_http(service, rules, time, probe);
  } else if (service.kind == Kind::dns) {
    look_dns(*target, rules, time, probe);
  } else if (service.kind == Kind::icmp) {
    look_icmp(*target, rules, time, probe);
  } else {
    look_tcp(*target, rules, time, probe);
  }
  clean(probe.detail);
  clean(probe.content_type);
  probe.at = clock.now();
  return probe;
}

}  // namespace luy::hub
