#include "evidence/compression.h"

#include <zstd.h>

#include "base/check.h"
#include "evidence/error.h"

namespace luy::evidence {

void Compressor::Free::operator()(ZSTD_CCtx_s* context) const {
  ZSTD_freeCCtx(context);
}
void Decompressor::Free::operator()(ZSTD_DCtx_s* context) const {
  ZSTD_freeDCtx(context);
}

Compressor::Compressor() : context_(ZSTD_createCCtx()) {
  LUY_CHECK(context_ != nullptr);
  LUY_CHECK(ZSTD_isError(ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_checksumFlag, 1)) == 0);
}

std::string_view Compressor::compress(std::string_view plain, Level level) {
  return compress(plain, {}, level);
}

std::string_view Compressor::compress(std::string_view plain, const std::vector<std::size_t>& cuts, Level level) {
  ZSTD_CCtx* const zstd = context_.get();
  LUY_CHECK(ZSTD_isError(ZSTD_CCtx_setParameter(zstd, ZSTD_c_compressionLevel, static_cast<int>(level))) == 0);
  // Each cut may end a block of zstd's early, whose header is 3 bytes.
  const std::size_t bound = ZSTD_compressBound(plain.size()) + (cuts.size() + 1) * 64;
  if (buffer_.size() < bound) buffer_.resize(bound);
  if (cuts.empty()) {
    const std::size_t size = ZSTD_compress2(zstd, buffer_.data(), buffer_.size(), plain.data(), plain.size());
    LUY_CHECK(ZSTD_isError(size) == 0);
    return {buffer_.data(), size};
  }
  LUY_CHECK(ZSTD_isError(ZSTD_CCtx_reset(zstd, ZSTD_reset_session_only)) == 0);
  LUY_CHECK(ZSTD_isError(ZSTD_CCtx_setPledgedSrcSize(zstd, plain.size())) == 0);
  ZSTD_outBuffer out{buffer_.data(), buffer_.size(), 0};
  ZSTD_inBuffer in{plain.data(), 0, 0};
  for (std::size_t i = 0; i <= cuts.size(); ++i) {
    const bool last = i == cuts.size();
    in.size = last ? plain.size() : cuts[i];
    std::size_t left = 1;
    while (left != 0) {
      left = ZSTD_compressStream2(zstd, &out, &in, last ? ZSTD_e_end : ZSTD_e_flush);
      LUY_CHECK(ZSTD_isError(left) == 0);
    }
  }
  return {buffer_.data(), out.pos};
}

Decompressor::Decompressor() : context_(ZSTD_createDCtx()) {
  LUY_CHECK(context_ != nullptr);
}

Result<void> Decompressor::decompress(std::string_view frame, std::size_t plain_bytes, std::string& out) {
  if (plain_bytes > plain_bytes_max) return Error(store_corrupt, "block larger than allowed");
  out.resize(plain_bytes + plain_slack);
  const std::size_t size = ZSTD_decompressDCtx(context_.get(), out.data(), plain_bytes, frame.data(), frame.size());
  out.resize(plain_bytes);
  if (ZSTD_isError(size) != 0) return Error(store_corrupt, std::string("zstd: ") + ZSTD_getErrorName(size));
  if (size != plain_bytes) return Error(store_corrupt, "block shorter than stated");
  return {};
}

}  // namespace luy::evidence
