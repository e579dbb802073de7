#include "agent/linux/manifest.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include "agent/backup_plan.h"
#include "agent/linux/file_walk.h"
#include "agent/linux/quarantine.h"
#include "agent/linux/restic.h"
#include "agent/linux/text.h"
#include "base/encoding.h"
#include "base/file.h"

namespace luy::agent {
namespace {

constexpr std::string_view heading = "luy-manifest 1";
constexpr std::size_t told_max = 100;

std::int64_t nanoseconds(const timespec& time) {
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

ManifestEntry entry_of(const struct stat& about) {
  ManifestEntry out;
  out.bytes = about.st_size;
  out.modified_ns = nanoseconds(about.st_mtim);
  out.changed_ns = nanoseconds(about.st_ctim);
  return out;
}

class Maker final : public Walker {
 public:
  Maker(const ManifestWork& work, MadeManifest& out) : work_(work), out_(out) {}

  bool file(const WalkedFile& file) override {
    if (!work_.go_on()) return false;
    struct stat about {};
    if (::fstat(file.fd, &about) != 0) {
      unread(file.path);
      return true;
    }
    ManifestEntry entry = entry_of(about);
    auto digest = digest_of(file.fd, file.path);
    if (!digest) {
      unread(file.path);
      return true;
    }
    entry.sha256 = *std::move(digest);
    out_.manifest[file.path] = std::move(entry);
    return true;
  }
  void unread(const std::string& path) override {
    if (out_.unread.size() < told_max) out_.unread.push_back(path);
  }

 private:
  const ManifestWork& work_;
  MadeManifest& out_;
};

}  // namespace

MadeManifest make_manifest(const ManifestWork& work) {
  MadeManifest out;
  for (const std::string& path : work.paths) {
    struct stat about {};
    if (::lstat(path.c_str(), &about) != 0) out.missing.push_back(path);
  }
  Maker maker(work, out);
  out.whole = walk_files({work.paths, work.excludes, true, {}}, maker);
  return out;
}

std::int64_t mark_changed(Manifest& manifest) {
  std::int64_t changed = 0;
  for (auto& [path, entry] : manifest) {
    struct stat about {};
    const bool there = ::lstat(path.c_str(), &about) == 0;
    const ManifestEntry now = there ? entry_of(about) : ManifestEntry{};
    const bool same =
        there && now.bytes == entry.bytes && now.modified_ns == entry.modified_ns && now.changed_ns == entry.changed_ns;
    if (same) continue;
    entry.kind = 'c';
    ++changed;
  }
  return changed;
}

std::string to_text(const Manifest& manifest) {
  std::string out(heading);
  out += '\n';
  for (const auto& [path, entry] : manifest) {
    out += entry.kind;
    out += ' ' + entry.sha256 + ' ' + std::to_string(entry.bytes) + ' ' + std::to_string(entry.modified_ns) + ' ';
    out += to_hex(as_bytes(path)) + '\n';
  }
  return out + "end " + std::to_string(manifest.size()) + '\n';
}

Result<Manifest> read_manifest(std::string_view text) {
  Manifest out;
  bool first = true;
  bool ended = false;
  for (const std::string_view line : lines(text)) {
    const auto parts = split(line, ' ');
    if (ended) return backup_error(because::damaged, "manifest");
    if (std::exchange(first, false)) {
      if (line != heading) return backup_error(because::damaged, "manifest");
      continue;
    }
    if (parts.size() == 2 && parts[0] == "end") {
      if (number(parts[1]) != static_cast<std::int64_t>(out.size())) return backup_error(because::damaged, "manifest");
      ended = true;
      continue;
    }
    if (parts.size() != 5 || (parts[0] != "f" && parts[0] != "c")) return backup_error(because::damaged, "manifest");
    const auto bytes = number(parts[2]);
    const auto modified = number(parts[3]);
    const auto path = from_hex(parts[4]);
    if (!bytes || !modified || !path || path->empty()) return backup_error(because::damaged, "manifest");
    ManifestEntry entry;
    entry.kind = parts[0].front();
    entry.sha256 = parts[1];
    entry.bytes = *bytes;
    entry.modified_ns = *modified;
    out[*path] = std::move(entry);
  }
  if (!ended) return backup_error(because::damaged, "manifest");
  return out;
}

Result<std::string> sha256_of_file(const std::string& path) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!fd) return file_error(path, errno);
  return digest_of(fd.get(), path);
}

ManifestComparison compare(const Manifest& manifest, const std::string& folder, const std::function<bool()>& go_on) {
  ManifestComparison out;
  for (const auto& [path, entry] : manifest) {
    if (!go_on()) {
      out.whole = false;
      return out;
    }
    const auto line = [&](std::string_view verdict, std::string_view sha256, std::int64_t bytes) {
      out.report.append(verdict).append(1, ' ').append(sha256).append(1, ' ').append(std::to_string(bytes));
      out.report.append(1, ' ').append(to_hex(as_bytes(path))).append(1, '\n');
    };
    const auto found = sha256_of_file(folder + path);
    struct stat about {};
    if (!found || ::lstat((folder + path).c_str(), &about) != 0) {
      // What went away while it was being backed up may be in it or not.
      if (entry.kind == 'c') {
        ++out.changed;
        line("changed", entry.sha256, entry.bytes);
        continue;
      }
      ++out.missing;
      line("missing", entry.sha256, entry.bytes);
      continue;
    }
    ++out.files;
    out.bytes += about.st_size;
    const bool same = *found == entry.sha256 && about.st_size == entry.bytes;
    // Of what was written between its hashing and its backup, the time of that tells.
    const bool changed = !same && (entry.kind == 'c' || nanoseconds(about.st_mtim) != entry.modified_ns);
    if (changed) ++out.changed;
    if (!same && !changed) ++out.differing;
    line(same ? "same" : changed ? "changed" : "differs", *found, about.st_size);
  }
  return out;
}

}  // namespace luy::agent
