#include "agent/linux/log_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "agent/linux/text.h"
#include "base/encoding.h"
#include "base/utf8.h"

namespace luy::agent {
namespace {

std::string read_at(int fd, std::uint64_t offset, std::size_t bytes) {
  std::string out(bytes, '\0');
  const ssize_t n = ::pread(fd, out.data(), out.size(), static_cast<off_t>(offset));
  out.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
  return out;
}

}  // namespace

std::string to_text(const FilePosition& position) {
  return std::to_string(position.offset) + ' ' + std::to_string(position.head_bytes) + ' ' +
         std::to_string(position.head_crc) + ' ' + position.name;
}

std::optional<FilePosition> parse_position(std::string_view text) {
  std::array<std::int64_t, 3> numbers{};
  for (std::int64_t& value : numbers) {
    const auto space = text.find(' ');
    const auto parsed = number(text.substr(0, space));
    if (space == std::string_view::npos || !parsed || *parsed < 0) return std::nullopt;
    value = *parsed;
    text.remove_prefix(space + 1);
  }
  return FilePosition{static_cast<std::uint64_t>(numbers[0]), static_cast<std::size_t>(numbers[1]),
                      static_cast<std::uint32_t>(numbers[2]), std::string(text)};
}

Result<LogFile> LogFile::open(const std::string& path, std::string key, std::string stream) {
  // Non-blocking: a FIFO put in a file's place must not hold the agent up.
  UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW));
  if (!fd) return file_error(path, errno);
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) return file_error(path, errno);
  if (!S_ISREG(status.st_mode)) return file_error(path, EINVAL);
  return LogFile(std::move(fd), {status.st_dev, status.st_ino}, std::move(key), std::move(stream));
}

std::uint64_t LogFile::size() const {
  struct stat status {};
  return ::fstat(fd_.get(), &status) == 0 ? static_cast<std::uint64_t>(status.st_size) : 0;
}

bool LogFile::looks_binary() const {
  const std::string start = read_at(fd_.get(), 0, 512);
  return start.find('\0') != std::string::npos;
}

bool LogFile::begins_as(const FilePosition& position) const {
  if (position.head_bytes > head_bytes_max || size() < position.offset) return false;
  const std::string start = read_at(fd_.get(), 0, position.head_bytes);
  return start.size() == position.head_bytes && crc32c(start) == position.head_crc;
}

void LogFile::skip_to_line() {
  if (offset_ == 0) return;
  const std::string bytes = read_at(fd_.get(), offset_ - 1, line_bytes_max);
  const auto newline = bytes.find('\n');
  if (newline != std::string::npos) offset_ += newline;
}

std::string LogFile::position() {
  if (head_.size() < head_bytes_max && head_.size() < offset_) {
    head_ = read_at(fd_.get(), 0, static_cast<std::size_t>(std::min<std::uint64_t>(offset_, head_bytes_max)));
  }
  return to_text({offset_, head_.size(), crc32c(head_), stream_});
}

Item LogFile::position_item() {
  Item item;
  item.only_position = true;
  item.position_key = key_;
  item.position = position();
  return item;
}

void LogFile::emit(Slice& slice, std::string_view line) {
  Item item;
  item.record = {event::Transport::file, stream_, std::string(line)};
  slice.add(std::move(item));
}

// copytruncate, or a writer that starts over: shorter than what was read, or another beginning.
bool LogFile::was_rewritten() const {
  if (size() < offset_) return true;
  return !head_.empty() && read_at(fd_.get(), 0, head_.size()) != head_;
}

// `finish`: these are the last bytes there will ever be.
LogFile::Taken LogFile::take_lines(std::string_view bytes, bool finish, Slice& slice) {
  Taken taken;
  std::string_view rest = bytes;
  while (!slice.full() && !rest.empty()) {
    const auto newline = rest.find('\n');
    if (newline <= line_bytes_max) {
      // The empty rest of a line that was cut exactly at its end is not a record.
      if (newline > 0 || !in_cut_line_) emit(slice, rest.substr(0, newline));
      in_cut_line_ = false;
      rest.remove_prefix(newline + 1);
      continue;
    }
    const bool last = finish && newline == std::string_view::npos && rest.size() <= line_bytes_max;
    if (rest.size() < line_bytes_max && !last) break;
    const std::size_t piece = std::min(rest.size(), line_bytes_max);
    emit(slice, rest.substr(0, piece));
    rest.remove_prefix(piece);
    taken.cut_line = taken.cut_line || (!last && !in_cut_line_);
    in_cut_line_ = !last;
  }
  taken.bytes = bytes.size() - rest.size();
  return taken;
}

LogFile::Read LogFile::read(Slice& slice, bool to_end, std::span<char> buffer) {
  Read result;
  if (was_rewritten()) {
    offset_ = 0;
    head_.clear();
    in_cut_line_ = false;
    result.started_over = true;
  }
  const std::uint64_t before = offset_;
  while (!slice.full()) {
    const ssize_t n = ::pread(fd_.get(), buffer.data(), buffer.size(), static_cast<off_t>(offset_));
    if (n <= 0) break;
    const auto size = static_cast<std::size_t>(n);
    const Taken taken = take_lines({buffer.data(), size}, to_end && size < buffer.size(), slice);
    result.cut_line = result.cut_line || taken.cut_line;
    offset_ += taken.bytes;
    if (taken.bytes == 0) break;
  }
  result.more = slice.full();
  if (offset_ != before || result.started_over) slice.add(position_item());
  return result;
}

}  // namespace luy::agent
