#include "premises/watch.h"

#include <utility>

namespace luy::premises {
namespace {

Result<void> write(records::Database& database, std::string_view sql, std::initializer_list<records::Param> params) {
  return database.write([&](records::Connection& c) -> Result<void> {
    const auto done = c.run(sql, params);
    return done ? Result<void>() : Result<void>(done.error());
  });
}

}  // namespace

Result<std::unique_ptr<Watch>> Watch::open(Dependencies dependencies, std::vector<Source> sources) {
  std::unique_ptr<Watch> watch(new Watch(std::move(dependencies), std::move(sources)));
  LUY_TRY_VOID(watch->d_.database.read([&](records::Connection& c) {
    return c.query("SELECT what FROM premises_told", {},
                   [&](const records::Row& row) { watch->told_.emplace(row.text(0)); });
  }));
  return watch;
}

Result<void> Watch::look() {
  Conditions now;
  for (const Source& source : sources_) now.merge(source());
  std::vector<std::string> over;
  for (const std::string& key : told_) {
    if (!now.contains(key)) over.push_back(key);
  }
  for (const auto& [key, report] : now) {
    if (told_.contains(key)) continue;
    LUY_TRY_VOID(d_.report(report));
    LUY_TRY_VOID(write(d_.database, "INSERT INTO premises_told (what, at_us) VALUES ($1, $2) ON CONFLICT DO NOTHING",
                       {key, to_micros(d_.clock.now())}));
    told_.insert(key);
  }
  for (const std::string& key : over) {
    LUY_TRY_VOID(write(d_.database, "DELETE FROM premises_told WHERE what = $1", {key}));
    told_.erase(key);
  }
  return {};
}

}  // namespace luy::premises
