#include "intake/frame.h"

#include <algorithm>

namespace luy::intake {
namespace {

constexpr std::size_t length_digits_max = 7;  // 9,999,999 bytes: far above what is kept, and no overflow.

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

}  // namespace

void FrameReader::feed(std::string_view bytes) {
  if (at_ > 0) {
    buffer_.erase(0, at_);
    at_ = 0;
  }
  buffer_ += bytes;
}

FrameReader::Counted FrameReader::look(std::string_view front) {
  if (front.front() == '0' || !is_digit(front.front())) return {};
  Counted out;
  while (out.digits < front.size() && out.digits < length_digits_max && is_digit(front[out.digits])) {
    out.length = out.length * 10 + static_cast<std::size_t>(front[out.digits] - '0');
    ++out.digits;
  }
  const std::string_view behind = front.substr(out.digits);
  if (behind.size() < 2) {
    out.undecided = behind.empty() || behind.front() == ' ';
    if (!out.undecided) out.digits = 0;
    return out;
  }
  if (behind[0] != ' ' || behind[1] != '<') out.digits = 0;
  return out;
}

std::optional<Frame> FrameReader::next_line(std::string_view front) {
  const std::size_t end = front.find('\n', std::min(searched_, front.size()));
  searched_ = front.size();
  if (end != std::string_view::npos && end <= message_bytes_max) {
    at_ += end + 1;
    searched_ = 0;
    return Frame{front.substr(0, end), false};
  }
  if (front.size() <= message_bytes_max) return std::nullopt;
  at_ += message_bytes_max;
  searched_ = 0;
  skip_line_ = true;
  return Frame{front.substr(0, message_bytes_max), true};
}

std::optional<Frame> FrameReader::next() {
  for (;;) {
    std::string_view front = std::string_view(buffer_).substr(at_);
    if (skip_ > 0) {
      const std::size_t gone = std::min(skip_, front.size());
      skip_ -= gone;
      at_ += gone;
      front.remove_prefix(gone);
    }
    if (skip_line_) {
      const std::size_t end = front.find('\n');
      skip_line_ = end == std::string_view::npos;
      at_ += skip_line_ ? front.size() : end + 1;
      front.remove_prefix(skip_line_ ? front.size() : end + 1);
    }
    if (front.empty()) return std::nullopt;
    // Some senders put a line feed behind a counted message as well.
    if (front.front() == '\n') {
      ++at_;
      continue;
    }
    const Counted counted = searched_ > 0 ? Counted{} : look(front);
    if (counted.undecided) return std::nullopt;
    if (counted.digits == 0) return next_line(front);
    const std::size_t kept = std::min(counted.length, message_bytes_max);
    const std::size_t head = counted.digits + 1;
    if (front.size() < head + kept) return std::nullopt;
    at_ += head + kept;
    skip_ = counted.length - kept;
    return Frame{front.substr(head, kept), skip_ > 0};
  }
}

std::optional<Frame> FrameReader::rest() {
  const std::string_view front = std::string_view(buffer_).substr(at_);
  at_ = buffer_.size();
  searched_ = 0;
  if (front.empty() || skip_ > 0 || skip_line_) return std::nullopt;
  const Counted counted = look(front);
  const bool is_counted = counted.digits > 0 && !counted.undecided;
  const std::string_view message = is_counted ? front.substr(counted.digits + 1) : front;
  if (message.empty()) return std::nullopt;
  // A last line without its line feed is as whole as one can know.
  return Frame{message, is_counted};
}

}  // namespace luy::intake
