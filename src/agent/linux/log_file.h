// One log file being followed: by its descriptor, so that renaming it changes nothing.
#pragma once

#include <sys/types.h>

#include <optional>
#include <span>
#include <string>

#include "agent/source.h"
#include "base/file.h"

namespace luy::agent {

// Lines longer than this are cut into records of this size; a note tells.
inline constexpr std::size_t line_bytes_max = 64 << 10;

struct FileIdentity {
  dev_t device = 0;
  ino_t inode = 0;
  auto operator<=>(const FileIdentity&) const = default;
};

// Where reading of a file stands, as the spool keeps it: "<offset> <head bytes> <head CRC-32C> <name>". The head (the
// file's first bytes) tells a new file with a used inode number, or one written anew, from the one that was read.
struct FilePosition {
  std::uint64_t offset = 0;
  std::size_t head_bytes = 0;
  std::uint32_t head_crc = 0;
  std::string name;
};
std::string to_text(const FilePosition& position);
std::optional<FilePosition> parse_position(std::string_view text);

class LogFile {
 public:
  static constexpr std::size_t head_bytes_max = 64;
  // Twice the longest line: a full buffer always holds a whole line or one that must be cut.
  static constexpr std::size_t buffer_bytes = 2 * line_bytes_max;

  // `key` names the file in the spool's positions, `stream` its records. Errors: those of base/file.h.
  static Result<LogFile> open(const std::string& path, std::string key, std::string stream);

  const FileIdentity& identity() const { return identity_; }
  const std::string& key() const { return key_; }
  const std::string& stream() const { return stream_; }
  std::uint64_t offset() const { return offset_; }
  std::uint64_t size() const;
  bool looks_binary() const;
  // Whether the file begins as it did when `position` was written.
  bool begins_as(const FilePosition& position) const;

  void start_at(std::uint64_t offset) { offset_ = offset; }
  // Moves forward to the start of the next line, so that the first record is whole.
  void skip_to_line();
  void rename(std::string key, std::string stream) {
    key_ = std::move(key);
    stream_ = std::move(stream);
  }

  // Where reading stands, for the spool: also for a file of which nothing was read yet, so that it is known again.
  Item position_item();

  struct Read {
    bool more = false;          // The slice is full; the file may hold more.
    bool started_over = false;  // The file was cut or written anew: reading began at its start again.
    bool cut_line = false;
  };
  // Adds complete lines to the slice. With `to_end`, also a last line without a newline: nobody will finish it.
  // `buffer` is scratch of buffer_bytes.
  Read read(Slice& slice, bool to_end, std::span<char> buffer);

 private:
  LogFile(UniqueFd fd, FileIdentity identity, std::string key, std::string stream)
      : fd_(std::move(fd)), identity_(identity), key_(std::move(key)), stream_(std::move(stream)) {}
  std::string position();
  void emit(Slice& slice, std::string_view line);
  bool was_rewritten() const;
  struct Taken {
    std::size_t bytes = 0;
    bool cut_line = false;
  };
  Taken take_lines(std::string_view bytes, bool finish, Slice& slice);

  UniqueFd fd_;
  FileIdentity identity_;
  std::string key_;
  std::string stream_;
  std::uint64_t offset_ = 0;
  std::string head_;  // At most head_bytes_max of what was read from the start.
  bool in_cut_line_ = false;
};

}  // namespace luy::agent
