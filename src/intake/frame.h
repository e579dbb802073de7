// Where one syslog message ends and the next begins on a stream (RFC 6587, RFC 5425). Pure.
//
// A message that begins with its length ("57 <34>1 …") ends after that many bytes; any other ends before the next line
// feed. Both kinds may follow each other, because senders are configured either way on the same port. A length is only
// believed when '<' stands behind it: lines that begin with a number ("2026 …") are lines.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace luy::intake {

// As long as the largest datagram; RFC 5425 asks for 2,048 and recommends 8,192.
inline constexpr std::size_t message_bytes_max = 64 << 10;

struct Frame {
  std::string_view message;  // Without length and line feed, else byte for byte. Valid until the reader is used again.
  bool cut = false;          // It was longer than message_bytes_max, or the stream ended within it.
};

class FrameReader {
 public:
  // Takes what was read. Call next() until it answers nothing before feeding more: then at most message_bytes_max and
  // what was fed last are held.
  void feed(std::string_view bytes);
  // The next message that is whole, or the front of one that is over-long; empty lines are passed over.
  std::optional<Frame> next();
  // At the end of the stream: what was begun and not finished.
  std::optional<Frame> rest();
  std::size_t held() const { return buffer_.size() - at_; }

 private:
  struct Counted {
    std::size_t digits = 0;  // Of the length; 0: this is a line.
    std::size_t length = 0;
    bool undecided = false;  // More bytes are needed to tell.
  };
  static Counted look(std::string_view front);
  std::optional<Frame> next_line(std::string_view front);

  std::string buffer_;
  std::size_t at_ = 0;
  std::size_t skip_ = 0;      // Bytes of an over-long counted message that are still to come.
  bool skip_line_ = false;    // The rest of an over-long line is still to come.
  std::size_t searched_ = 0;  // How far the present line was searched for its end.
};

}  // namespace luy::intake
