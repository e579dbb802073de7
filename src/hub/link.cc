#include "hub/link.h"

#include <algorithm>
#include <array>
#include <initializer_list>

#include "base/utf8.h"
#include "event/event.h"
#include "hub/event_query.h"

namespace luy::hub {
namespace {

using event::Event;
using event::Field;
using finding::EntityType;

std::string cut(std::string_view text) {
  std::string out = to_utf8(utf8_front(text.substr(0, link_text_bytes_max), link_text_bytes_max));
  std::replace(out.begin(), out.end(), '\0', ' ');
  return out;
}

// The first of the names that the event holds, by the normalised field or by what its source calls it.
std::optional<std::string> first_of(const Event& event, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    const auto text = event.get(name);
    if (text && !text->empty() && *text != "-" && *text != "0") return cut(*text);
  }
  return std::nullopt;
}

// SourceAddress, DestAddress and DestPort are those of the Windows Filtering Platform (events 5152 to 5158).
std::optional<LinkEnd> source_of(const Event& event) {
  if (auto address = first_of(event, {"source.ip", "labels.SourceAddress"})) {
    return LinkEnd{EntityType::address, std::move(*address)};
  }
  if (auto name = first_of(event, {"source.domain"})) return LinkEnd{EntityType::domain, std::move(*name)};
  return std::nullopt;
}

std::optional<LinkEnd> destination_of(const Event& event) {
  if (auto address = first_of(event, {"destination.ip", "labels.DestAddress"})) {
    return LinkEnd{EntityType::address, std::move(*address)};
  }
  if (auto name = first_of(event, {"destination.domain"})) return LinkEnd{EntityType::domain, std::move(*name)};
  return std::nullopt;
}

// The machine that wrote the record is the end that the record does not name.
std::optional<LinkEnd> witness_of(const Event& event, const std::optional<DeviceId>& device) {
  if (device) return LinkEnd{EntityType::device, device->text()};
  if (auto name = first_of(event, {"url.domain", "host.name"})) return LinkEnd{EntityType::domain, std::move(*name)};
  return std::nullopt;
}

std::optional<std::string> method_of(const Event& event) {
  if (const auto verb = first_of(event, {"http.request.method"})) {
    const auto url = first_of(event, {"url.original", "url.path"});
    return cut(url ? *verb + " " + *url : *verb);
  }
  const auto by = first_of(event, {"network.protocol", "event.provider"});
  const auto action = first_of(event, {"event.action"});
  if (by && action) return cut(*by + ": " + *action);
  return action ? action : by;
}

// Numbers of IANA's protocol registry, as Windows writes them.
std::string transport_name(const std::string& text) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 4> numbers = {
      {{"1", "ICMP"}, {"6", "TCP"}, {"17", "UDP"}, {"58", "ICMPv6"}}};
  for (const auto& [number, name] : numbers) {
    if (text == number) return std::string(name);
  }
  std::string out = text;
  std::transform(out.begin(), out.end(), out.begin(), [](char c) { return c >= 'a' && c <= 'z' ? char(c - 32) : c; });
  return out;
}

std::optional<std::string> packet_of(const Event& event) {
  const auto transport = first_of(event, {"network.transport", "labels.Protocol"});
  const auto bytes = first_of(event, {"network.bytes", "labels.LEN"});
  if (!transport && !bytes) return std::nullopt;
  std::string out = transport ? transport_name(*transport) : std::string();
  if (bytes) out += (out.empty() ? "" : ", ") + *bytes + " byte";
  return out;
}

}  // namespace

std::optional<Link> link_of(const evidence::Record& record, const std::optional<DeviceId>& device) {
  const Event event = event_of(record);
  auto source = source_of(event);
  auto destination = destination_of(event);
  if (!source && !destination) return std::nullopt;
  if (!source) source = witness_of(event, device);
  if (!destination) destination = witness_of(event, device);
  if (!source || !destination) return std::nullopt;
  Link out;
  out.source = std::move(*source);
  out.destination = std::move(*destination);
  out.source_port = first_of(event, {"source.port", "labels.SourcePort"});
  out.destination_port = first_of(event, {"destination.port", "labels.DestPort"});
  out.method = method_of(event);
  out.object = first_of(event, {"user.target.name", "user.name", "user.effective.name"});
  out.packet = packet_of(event);
  const std::string_view message = event.text(Field::message);
  out.information = cut(message.empty() ? std::string_view(record.raw) : message);
  out.time = std::min(event.time.value_or(record.received), record.received);
  return out;
}

}  // namespace luy::hub
