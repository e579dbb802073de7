#include "cli/rule_files.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <iterator>
#include <utility>

#include "base/file.h"
#include "detect/builtin.h"
#include "detect/error.h"
#include "detect/extract.h"
#include "detect/package.h"

namespace luy::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t chunk_bytes = 1 << 20;
constexpr std::size_t room_after = 64;  // What simdjson may read behind a text.

Result<std::vector<detect::RuleFile>> read_folder(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    if (at->is_regular_file(error) && detect::is_rule_file(at->path().string())) files.push_back(at->path());
    if (files.size() > detect::package_files_max) return Error(detect::over_limit, folder.string());
  }
  if (error) return file_error(folder.string(), error.value());
  std::sort(files.begin(), files.end());
  std::vector<detect::RuleFile> out;
  for (const fs::path& file : files) {
    LUY_TRY(std::string bytes, read_file(file, detect::rule_file_bytes_max));
    out.push_back({file.lexically_relative(folder).string(), std::move(bytes)});
  }
  return out;
}

}  // namespace

Result<std::vector<detect::RuleSource>> read_sources(const std::vector<fs::path>& paths) {
  std::vector<detect::RuleSource> out;
  for (const fs::path& path : paths) {
    std::error_code error;
    if (fs::is_directory(path, error)) {
      LUY_TRY(std::vector<detect::RuleFile> files, read_folder(path));
      std::move(files.begin(), files.end(), std::back_inserter(out));
    } else {
      LUY_TRY(std::string bytes, read_file(path, detect::package_bytes_max));
      out.push_back({path.string(), std::move(bytes)});
    }
  }
  return out;
}

Result<detect::Routing> read_routing(const std::vector<fs::path>& pipelines) {
  detect::Routing out = detect::builtin_routing();
  for (const fs::path& path : pipelines) {
    LUY_TRY(const std::string bytes, read_file(path, detect::rule_file_bytes_max));
    LUY_TRY_VOID(detect::add_pipeline(path.string(), bytes, out));
  }
  return out;
}

LineReader::LineReader(gzFile file, std::string name) : file_(file), name_(std::move(name)) {}

LineReader::~LineReader() {
  if (file_ != nullptr) gzclose(file_);
}

LineReader::LineReader(LineReader&& other) noexcept
    : file_(std::exchange(other.file_, nullptr)),
      name_(std::move(other.name_)),
      buffer_(std::move(other.buffer_)),
      begin_(other.begin_),
      end_(other.end_),
      at_end_(other.at_end_) {}

Result<LineReader> LineReader::open(const fs::path& path) {
  errno = 0;
  const gzFile file = path == "-" ? gzdopen(dup(STDIN_FILENO), "rb") : gzopen(path.c_str(), "rb");
  if (file == nullptr) return file_error(path.string(), errno == 0 ? ENOMEM : errno);
  gzbuffer(file, 1 << 17);
  return LineReader(file, path.string());
}

// Moves what is left to the front and reads more behind it; false at the end of the file.
Result<bool> LineReader::fill() {
  if (at_end_) return false;
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  if (end_ > detect::event_bytes_max) return Error(detect::over_limit, name_);
  if (buffer_.size() < end_ + chunk_bytes + room_after) buffer_.resize(end_ + chunk_bytes + room_after);
  const int size = gzread(file_, buffer_.data() + end_, static_cast<unsigned>(chunk_bytes));
  if (size < 0) {
    int code = 0;
    return Error(file_failed, name_ + ": " + gzerror(file_, &code));
  }
  end_ += static_cast<std::size_t>(size);
  at_end_ = size == 0;
  return size > 0;
}

Result<std::optional<LineReader::Line>> LineReader::next() {
  std::size_t searched = 0;
  for (;;) {
    const std::string_view held = std::string_view(buffer_).substr(begin_, end_ - begin_);
    const std::size_t at = held.find('\n', searched);
    if (at != std::string_view::npos) {
      const Line line{held.substr(0, at), buffer_.size() - begin_};
      begin_ += at + 1;
      return std::optional(line);
    }
    searched = held.size();
    LUY_TRY(const bool more, fill());
    if (more) continue;
    if (begin_ == end_) return std::optional<Line>();
    const Line line{std::string_view(buffer_).substr(begin_, end_ - begin_), buffer_.size() - begin_};
    begin_ = end_;
    return std::optional(line);
  }
}

}  // namespace luy::cli
