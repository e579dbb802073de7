// The tables of this module.
#pragma once

#include <span>

#include "records/database.h"

namespace luy::people {

// For records::open_sqlite().
std::span<const records::Migration> migrations();

}  // namespace luy::people
