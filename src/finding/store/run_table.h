// The table of runs: values in, rows out. Private to the module.
#pragma once

#include <functional>

#include "finding/run.h"
#include "records/database.h"

namespace luy::finding::tables {

// A row that cannot be read any more is left out.
Result<void> load_runs(records::Connection& c, const std::function<void(Run)>& each);
Result<void> save_run(records::Connection& c, const Run& run);
Result<void> remove_run(records::Connection& c, const RunId& id);

}  // namespace luy::finding::tables
