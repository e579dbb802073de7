// What the registers ask somebody to look at, as findings: each condition is told of once, when it begins, and again
// only after it was over. What was told is stored, so that a restart tells nothing twice. Threads: one only.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "finding/finding.h"
#include "records/database.h"

namespace luy::premises {

// Conditions that hold now, by a key of their own ("support|<id>").
using Conditions = std::map<std::string, finding::Report>;

class Watch {
 public:
  struct Dependencies {
    records::Database& database;
    const Clock& clock;
    std::function<Result<void>(const finding::Report&)> report;
  };
  // One source for each register. Called on the watch's thread.
  using Source = std::function<Conditions()>;

  // Errors: those of the database.
  static Result<std::unique_ptr<Watch>> open(Dependencies dependencies, std::vector<Source> sources);

  // Tells what is new. Errors: those of report and of the database; what was not told is told by the next call.
  Result<void> look();

 private:
  Watch(Dependencies dependencies, std::vector<Source> sources)
      : d_(std::move(dependencies)), sources_(std::move(sources)) {}

  const Dependencies d_;
  const std::vector<Source> sources_;
  std::set<std::string> told_;
};

}  // namespace luy::premises
