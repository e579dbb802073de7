#include "agent/spool_reader.h"

#include <algorithm>
#include <array>
#include <optional>

namespace luy::agent {
namespace {

constexpr std::size_t search_bytes = 64 << 10;

// The frame at `offset`, when there is a sound one.
Result<std::optional<FrameStep>> try_frame(DiskFile& file, std::uint64_t offset, std::uint64_t size) {
  if (size - offset < frame_header_bytes) return std::optional<FrameStep>();
  std::array<char, frame_header_bytes> head{};
  LUY_TRY(const std::size_t got, file.read(offset, head));
  const std::string_view head_bytes(head.data(), got);
  const auto header = decode_frame_header(head_bytes);
  const std::uint64_t body = offset + frame_header_bytes;
  if (!header || header->size > size - body) return std::optional<FrameStep>();
  FrameStep step;
  step.payload.resize(header->size);
  LUY_TRY(const std::size_t read, file.read(body, step.payload));
  step.payload.resize(read);
  if (!frame_is_sound(head_bytes, *header, step.payload)) return std::optional<FrameStep>();
  step.what = FrameStep::What::frame;
  step.header = *header;
  step.next = body + header->size;
  return std::optional<FrameStep>(std::move(step));
}

// The offset of the first sound frame at or after `offset`; `size` when there is none.
Result<std::uint64_t> find_frame(DiskFile& file, std::uint64_t offset, std::uint64_t size) {
  std::string window;
  while (offset < size) {
    window.resize(static_cast<std::size_t>(std::min<std::uint64_t>(search_bytes, size - offset)));
    LUY_TRY(const std::size_t got, file.read(offset, window));
    window.resize(got);
    for (std::size_t at = window.find(frame_magic); at != std::string::npos; at = window.find(frame_magic, at + 1)) {
      LUY_TRY(const auto step, try_frame(file, offset + at, size));
      if (step) return offset + at;
    }
    if (window.size() < frame_magic.size()) break;
    offset += window.size() - (frame_magic.size() - 1);  // The magic may lie across two windows.
  }
  return size;
}

}  // namespace

Result<FrameStep> read_frame(DiskFile& file, std::uint64_t offset, std::uint64_t size) {
  if (offset >= size) return FrameStep{FrameStep::What::end, {}, {}, size};
  LUY_TRY(auto step, try_frame(file, offset, size));
  if (step) return std::move(*step);
  LUY_TRY(const std::uint64_t next, find_frame(file, offset + 1, size));
  return FrameStep{FrameStep::What::damage, {}, {}, next};
}

}  // namespace luy::agent
