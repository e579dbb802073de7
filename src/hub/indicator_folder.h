// A folder that is watched for lists of indicators: what is put there is imported, what is written anew replaces its
// list, what is taken away takes its list along. Each is noted in the evidence as "hub/watch".
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "base/clock.h"
#include "hub/evidence_writer.h"
#include "indicator/book.h"

namespace luy::hub {

class IndicatorFolder {
 public:
  IndicatorFolder(std::filesystem::path folder, indicator::Book& book, EvidenceWriter& writer, const Clock& clock)
      : folder_(std::move(folder)), book_(book), writer_(writer), clock_(clock) {}

  // *.json (STIX or MISP) and *.csv, plain files only. Not thread-safe.
  void look();

 private:
  bool import(const std::string& name);  // False: it is to be tried again.
  void forget_absent();
  // Imported before this start, and not written since.
  bool is_imported(const std::string& source, std::filesystem::file_time_type written) const;
  void note(std::string_view action, const std::string& name, std::size_t count, const std::string& error);

  const std::filesystem::path folder_;
  indicator::Book& book_;
  EvidenceWriter& writer_;
  const Clock& clock_;
  std::map<std::string, std::filesystem::file_time_type> files_;  // As they were looked at.
};

}  // namespace luy::hub
