// Package names as dpkg and apt write them.
#pragma once

#include <string_view>

#include "event/event.h"

namespace luy::event::parser {

// "openssl:amd64" or "openssl".
void set_package(Event& event, std::string_view name);

}  // namespace luy::event::parser
