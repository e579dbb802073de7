#include "agent/linux/backup_requests.h"

#include <algorithm>

#include "agent/linux/text.h"
#include "base/encoding.h"
#include "base/file.h"
#include "base/id.h"

namespace luy::agent {
namespace {

constexpr std::string_view heading = "luy-backup-request 1";
constexpr std::size_t request_bytes_max = 1 << 20;

std::string hex(std::string_view bytes) {
  return bytes.empty() ? "-" : to_hex(as_bytes(bytes));
}

}  // namespace

std::string to_text(const BackupRequest& request) {
  std::string out(heading);
  const auto add = [&](std::string_view key, std::string_view value) {
    out += '\n';
    out.append(key).append(1, ' ').append(value);
  };
  add("id", request.id);
  add("act", name_of(request.act));
  add("set", hex(request.set));
  add("snapshot", hex(request.snapshot));
  if (request.at) add("at", std::to_string(to_micros(*request.at)));
  for (const std::string& path : request.paths) add("path", hex(path));
  add("destination", hex(request.destination));
  return out + "\nend\n";
}

std::optional<BackupRequest> backup_request(std::string_view text) {
  BackupRequest out;
  bool first = true;
  bool ended = false;
  for (const std::string_view line : lines(text)) {
    if (std::exchange(first, false)) {
      if (line != heading) return std::nullopt;
      continue;
    }
    const auto blank = std::min(line.find(' '), line.size());
    const std::string_view key = line.substr(0, blank);
    const std::string_view value = line.substr(std::min(blank + 1, line.size()));
    const auto bytes = value == "-" ? std::optional(std::string()) : from_hex(value);
    if (key == "id" && is_id_text(value)) {
      out.id = value;
    } else if (key == "act" && backup_act(value)) {
      out.act = *backup_act(value);
    } else if (key == "set" && bytes) {
      out.set = *bytes;
    } else if (key == "snapshot" && bytes) {
      out.snapshot = *bytes;
    } else if (key == "at" && number(value)) {
      out.at = from_micros(*number(value));
    } else if (key == "path" && bytes) {
      out.paths.push_back(*bytes);
    } else if (key == "destination" && bytes) {
      out.destination = *bytes;
    } else if (key == "end") {
      ended = true;
    } else {
      return std::nullopt;
    }
  }
  return ended && !out.id.empty() && !out.set.empty() ? std::optional(std::move(out)) : std::nullopt;
}

std::vector<std::string> BackupRequests::ids() const {
  std::vector<std::string> out;
  std::error_code error;
  std::filesystem::directory_iterator one(folder_, error);
  for (; !error && one != std::filesystem::directory_iterator(); one.increment(error)) {
    std::string name = one->path().filename().string();
    if (is_id_text(name)) out.push_back(std::move(name));
  }
  std::sort(out.begin(), out.end());
  return out;
}

Result<void> BackupRequests::add(const BackupRequest& request) {
  const std::vector<std::string> waiting = ids();
  const bool known = std::find(waiting.begin(), waiting.end(), request.id) != waiting.end();
  if (!known && waiting.size() >= backup_requests_max) {
    return Error(backup_requests_full, std::to_string(waiting.size()));
  }
  LUY_TRY_VOID(make_folder(folder_));
  LUY_TRY_VOID(write_file_durably(folder_ / request.id, to_text(request)));
  ++changes_;
  return {};
}

std::optional<BackupRequest> BackupRequests::oldest() const {
  for (const std::string& id : ids()) {
    const auto text = read_file(folder_ / id, request_bytes_max);
    auto request = text ? backup_request(*text) : std::nullopt;
    if (request && request->id == id) return request;
    // What cannot be read is nobody's request any more, and must not stand before others.
    std::error_code ignored;
    std::filesystem::remove(folder_ / id, ignored);
  }
  return std::nullopt;
}

void BackupRequests::done(const std::string& id) {
  std::error_code ignored;
  std::filesystem::remove(folder_ / id, ignored);
  ++changes_;
}

}  // namespace luy::agent
