// The hub's own tables: tokens, certificates, settings, and what was verified of the evidence.
#pragma once

#include <span>

#include "records/database.h"

namespace luy::hub {

// For records::open_sqlite().
std::span<const records::Migration> migrations();

}  // namespace luy::hub
