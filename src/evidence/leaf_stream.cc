#include "evidence/leaf_stream.h"

#include <fcntl.h>
#include <unistd.h>
#include <zstd.h>

#include <cerrno>
#include <memory>
#include <vector>

#include "base/check.h"
#include "evidence/error.h"
#include "evidence/record.h"

namespace luy::evidence {
namespace {

constexpr std::size_t frame_bytes = 4 << 20;
constexpr std::size_t read_bytes = 1 << 20;
constexpr std::size_t length_bytes = 4;
constexpr mode_t file_mode = 0600;

struct FreeContext {
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

}  // namespace

Result<LeafWriter> LeafWriter::create(const std::filesystem::path& file) {
  UniqueFd fd(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, file_mode));
  if (!fd) return file_error(file.string(), errno);
  return LeafWriter(file, std::move(fd));
}

Result<void> LeafWriter::add(std::string_view leaf_data) {
  for (std::size_t i = length_bytes; i-- > 0;) plain_ += static_cast<char>(leaf_data.size() >> 8U * i & 0xffU);
  plain_ += leaf_data;
  return plain_.size() < frame_bytes ? Result<void>() : flush();
}

Result<void> LeafWriter::flush() {
  std::string_view frame = compressor_.compress(plain_, Level::block);
  while (!frame.empty()) {
    const ssize_t count = ::write(fd_.get(), frame.data(), frame.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return file_error(file_.string(), errno);
    frame.remove_prefix(static_cast<std::size_t>(count));
  }
  plain_.clear();
  return {};
}

Result<void> LeafWriter::finish() {
  if (!plain_.empty()) LUY_TRY_VOID(flush());
  if (::fsync(fd_.get()) != 0) return file_error(file_.string(), errno);
  return {};
}

Result<void> read_leaves(const std::filesystem::path& file,
                         const std::function<Result<bool>(std::string_view)>& visit) {
  const UniqueFd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return file_error(file.string(), errno);
  const std::unique_ptr<ZSTD_DCtx, FreeContext> context(ZSTD_createDCtx());
  LUY_CHECK(context != nullptr);
  std::vector<char> in(read_bytes);
  std::vector<char> out(ZSTD_DStreamOutSize());
  std::string pending;
  std::size_t frame_left = 0;
  for (;;) {
    const ssize_t count = ::read(fd.get(), in.data(), in.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return file_error(file.string(), errno);
    if (count == 0) break;
    ZSTD_inBuffer from{in.data(), static_cast<std::size_t>(count), 0};
    bool more = true;
    while (more) {
      ZSTD_outBuffer to{out.data(), out.size(), 0};
      frame_left = ZSTD_decompressStream(context.get(), &to, &from);
      if (ZSTD_isError(frame_left) != 0U) return Error(store_corrupt, file.string());
      pending.append(out.data(), to.pos);
      more = from.pos < from.size || to.pos == to.size;
      std::size_t at = 0;
      while (pending.size() - at >= length_bytes) {
        std::size_t bytes = 0;
        for (std::size_t i = 0; i < length_bytes; ++i) bytes = bytes << 8U | static_cast<std::uint8_t>(pending[at + i]);
        if (bytes > record_bytes_max + 1024) return Error(store_corrupt, file.string());
        if (pending.size() - at - length_bytes < bytes) break;
        LUY_TRY(const bool goes_on, visit(std::string_view(pending).substr(at + length_bytes, bytes)));
        if (!goes_on) return {};
        at += length_bytes + bytes;
      }
      pending.erase(0, at);
    }
  }
  if (frame_left != 0 || !pending.empty()) return Error(store_corrupt, file.string() + ": cut short");
  return {};
}

}  // namespace luy::evidence
