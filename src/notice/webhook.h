// What a webhook is told and how it is signed (docs/format/webhook.md). Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "directory/agency.h"
#include "notice/mail.h"

namespace luy::notice {

inline constexpr std::string_view signature_header = "Luy-Signature";
inline constexpr std::string_view delivery_header = "Luy-Delivery";

// The body of a call. `agency` is where it happened; nothing is said of one that is not known any more but its id.
std::string webhook_document(const Notice& notice, const std::optional<directory::Agency>& agency,
                             const Wording& wording);
// The same of kind "test".
std::string webhook_test_document(const NoticeId& id, const directory::Agency& agency, const Wording& wording,
                                  Time now);

// "t=<seconds>,v1=<hex>[,v1=<hex>]": one for each secret, over "<seconds>.<body>".
std::string signature_of(const std::vector<std::string>& secrets, Time now, std::string_view body);

}  // namespace luy::notice
