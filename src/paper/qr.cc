#include "paper/qr.h"

#include <qrencode.h>

#include <memory>
#include <string>

#include "paper/document.h"

namespace luy::paper {
namespace {

struct FreeCode {
  void operator()(QRcode* code) const { QRcode_free(code); }
};

}  // namespace

Result<QrCode> qr_code(std::string_view text) {
  const Error refused(over_limit, "evidence: " + std::to_string(text.size()) + " > " + std::to_string(qr_bytes_max));
  if (text.empty() || text.size() > qr_bytes_max) return refused;
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  const std::unique_ptr<QRcode, FreeCode> code(
      QRcode_encodeData(static_cast<int>(text.size()), bytes, 0, QR_ECLEVEL_M));
  if (!code) return refused;
  QrCode out;
  out.side = static_cast<unsigned>(code->width);
  const std::size_t count = std::size_t{out.side} * out.side;
  for (std::size_t i = 0; i < count; ++i) out.modules.push_back((code->data[i] & 1U) != 0);
  return out;
}

}  // namespace luy::paper
