#include "hub/indicator_folder.h"

#include <algorithm>
#include <boost/json.hpp>
#include <set>

#include "base/file.h"
#include "base/log.h"
#include "event/batch.h"

namespace luy::hub {
namespace {

// Whether it would be refused again: what the list is, not what the hub could not do.
bool is_about_the_list(const Error& error) {
  return error.error_class() == ErrorClass::invalid || error.error_class() == ErrorClass::too_large ||
         error.error_class() == ErrorClass::conflict;
}

}  // namespace

void IndicatorFolder::look() {
  std::error_code error;
  std::map<std::string, std::filesystem::file_time_type> present;
  for (std::filesystem::directory_iterator it(folder_, error), end; !error && it != end; it.increment(error)) {
    const std::string name = it->path().filename().string();
    std::error_code failed;
    // A link would let whoever writes here have other files of the hub read.
    const bool plain = it->symlink_status(failed).type() == std::filesystem::file_type::regular;
    if (failed || !plain || (!name.ends_with(".csv") && !name.ends_with(".json"))) continue;
    const auto written = it->last_write_time(failed);
    if (!failed) present.emplace(name, written);
  }
  if (error) return;  // Whoever cannot read the folder does not know what is gone.
  std::set<std::string> again;
  for (const auto& [name, written] : present) {
    const auto known = files_.find(name);
    if (known != files_.end() && known->second == written) continue;
    if (known != files_.end() || !is_imported(std::string(indicator::folder_source) + name, written)) {
      if (!import(name)) again.insert(name);
    }
  }
  files_ = std::move(present);
  forget_absent();
  for (const std::string& name : again) files_.erase(name);
}

bool IndicatorFolder::is_imported(const std::string& source, std::filesystem::file_time_type written) const {
  const auto lists = book_.lists();
  const auto age = std::filesystem::file_time_type::clock::now() - written;
  return std::any_of(lists.begin(), lists.end(), [&](const indicator::List& list) {
    return list.source == source && clock_.now() - list.added_at < age;
  });
}

bool IndicatorFolder::import(const std::string& name) {
  const auto text = read_file(folder_ / name, indicator::list_bytes_max);
  if (!text) {
    note("indicators_refused", name, 0, text.error().text());
    return true;
  }
  const bool csv = name.ends_with(".csv");
  indicator::Book::NewList list;
  list.name = name.substr(0, indicator::name_bytes_max);
  list.content = *text;
  list.source = std::string(indicator::folder_source) + name;
  list.replaces = true;
  list.format = csv ? indicator::Format::csv : indicator::Format::stix;
  auto done = book_.import(list);
  if (!done && !csv && done.error().is(indicator::list_malformed)) {
    list.format = indicator::Format::misp;
    done = book_.import(list);
  }
  if (done) {
    note("indicators_imported", name, done->count, {});
    return true;
  }
  if (is_about_the_list(done.error())) {
    note("indicators_refused", name, 0, done.error().text());
    return true;
  }
  log(LogLevel::error, "hub", "indicators " + name + ": " + done.error().text());
  return false;
}

void IndicatorFolder::forget_absent() {
  for (const indicator::List& list : book_.lists()) {
    if (!list.source.starts_with(indicator::folder_source)) continue;
    const std::string name = list.source.substr(indicator::folder_source.size());
    if (files_.contains(name)) continue;
    if (const auto removed = book_.remove(list.id)) {
      note("indicators_removed", name, list.count, {});
    } else {
      log(LogLevel::error, "hub", "indicators: " + removed.error().text());
    }
  }
}

void IndicatorFolder::note(std::string_view action, const std::string& name, std::size_t count,
                           const std::string& error) {
  log(error.empty() ? LogLevel::info : LogLevel::warning, "hub",
      std::string(action) + " " + name + ": " + (error.empty() ? std::to_string(count) : error));
  boost::json::object text{
      {"@timestamp", to_rfc3339(clock_.now())}, {"event.action", action}, {"file.name", name}, {"luy.count", count}};
  if (!error.empty()) text["error.message"] = error;
  Submission submission;
  submission.records.push_back(
      {"hub/watch", static_cast<std::uint8_t>(event::Transport::hub), boost::json::serialize(text)});
  if (!writer_.submit(std::move(submission))) log(LogLevel::warning, "hub", "indicators: a change was not noted");
}

}  // namespace luy::hub
