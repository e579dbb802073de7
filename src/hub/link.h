// Who talked to whom, as one record tells it: the particulars that decree 142/2016, article 10 names for tracing the
// origin of an attack. Pure.
#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "base/id.h"
#include "evidence/record.h"
#include "finding/finding.h"

namespace luy::hub {

inline constexpr std::size_t link_text_bytes_max = 400;  // Of a particular; longer ones are cut.

// One end of a connection: an address or a name the record states, or the machine that wrote it.
struct LinkEnd {
  finding::EntityType type = finding::EntityType::address;  // address, domain or device.
  std::string value;                                        // Of a device its id.
  auto operator<=>(const LinkEnd&) const = default;
};

// What the record does not tell stays empty. Purpose and degree no log tells: people judge them.
struct Link {
  LinkEnd source;
  LinkEnd destination;
  std::optional<std::string> source_port;
  std::optional<std::string> destination_port;  // The service's.
  std::optional<std::string> method;            // "ssh: ssh_login_failed", "GET /wp-login.php".
  std::optional<std::string> object;            // Who acts, or is acted upon: an account.
  std::optional<std::string> packet;            // "TCP, 1420 byte".
  std::string information;                      // The message, or the record as it stands.
  Time time;                                    // As the record says, but never after its receipt.
};

// nullopt: the record names neither a source nor a destination, or only one end and no machine for the other.
std::optional<Link> link_of(const evidence::Record& record, const std::optional<DeviceId>& device);

}  // namespace luy::hub
