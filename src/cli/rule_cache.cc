#include "cli/rule_cache.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <utility>

#include "base/encoding.h"
#include "base/file.h"
#include "cli/rule_files.h"
#include "detect/compiled.h"

namespace luy::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view suffix = ".luyrules";

// Whether only we (and root) can put files there.
Result<void> check_folder(const fs::path& folder) {
  LUY_TRY_VOID(make_folder(folder));
  struct stat state {};
  if (stat(folder.c_str(), &state) != 0) return file_error(folder.string(), errno);
  const bool ours = state.st_uid == geteuid() || state.st_uid == 0;
  if (!ours || (state.st_mode & (S_IWGRP | S_IWOTH)) != 0) return file_error(folder.string(), EACCES);
  return {};
}

void remove_oldest(const fs::path& folder) {
  std::vector<std::pair<fs::file_time_type, fs::path>> files;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    if (at->path().extension() == suffix) files.emplace_back(at->last_write_time(error), at->path());
  }
  std::sort(files.rbegin(), files.rend());
  for (std::size_t i = cache_files_max; i < files.size(); ++i) fs::remove(files[i].second, error);
}

void note(std::ostream& notes, const Error& error) {
  notes << error.vi() << "\n" << error.en() << "\n";
}

}  // namespace

std::string_view name_of(CacheUse use) {
  switch (use) {
    case CacheUse::none:
      return "none";
    case CacheUse::used:
      return "used";
    case CacheUse::written:
      return "written";
    case CacheUse::refused:
      return "refused";
  }
  return "none";
}

Result<LoadedRules> load_rules(const std::vector<fs::path>& paths, detect::Routing routing, const fs::path& folder,
                               std::ostream& notes) {
  LUY_TRY(const std::vector<detect::RuleSource> sources, read_sources(paths));
  LoadedRules out;
  if (folder.empty()) {
    LUY_TRY(const std::vector<detect::RuleFile> files, detect::files_of(sources));
    detect::RuleSet rules = detect::make_rule_set(files, routing.placeholders);
    LUY_TRY(out.engine, detect::Engine::make(std::move(rules), std::move(routing)));
    return out;
  }
  const auto usable = check_folder(folder);
  std::string cached;
  const std::string key = to_hex(detect::compile_key(sources, routing)).substr(0, 32);
  const fs::path file = folder / (key + std::string(suffix));
  if (usable) {
    if (auto bytes = read_file(file, detect::compiled_bytes_max)) cached = *std::move(bytes);
  } else {
    out.cache = CacheUse::refused;
    note(notes, usable.error());
  }
  LUY_TRY(detect::LoadedEngine loaded, detect::load_engine(sources, std::move(routing), cached));
  out.engine = std::move(loaded.engine);
  if (loaded.cache_refused) note(notes, *loaded.cache_refused);
  if (!usable) return out;
  if (loaded.to_keep.empty()) {
    out.cache = CacheUse::used;
    return out;
  }
  const auto written = write_file_durably(file, loaded.to_keep);
  out.cache = written ? CacheUse::written : CacheUse::refused;
  if (!written) note(notes, written.error());
  remove_oldest(folder);
  return out;
}

}  // namespace luy::cli
