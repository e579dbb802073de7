#include <algorithm>
#include <array>

#include "signature/appearance.h"
#include "signature/verify.h"

namespace luy::signature {
namespace {

struct Words {
  std::string_view name;
  std::string_view vi;
  std::string_view en;
};

// In the order of State.
constexpr std::array<Words, states> words = {{
    {"valid", "Chữ ký số hợp lệ.", "The signature is valid."},
    {"unknown_issuer", "Nội dung nguyên vẹn nhưng không rõ tổ chức cấp chứng thư. Hãy kiểm tra danh sách gốc tin cậy.",
     "The content is intact but the issuer of the certificate is not known. Check the trust anchors."},
    {"revocation_unknown",
     "Nội dung nguyên vẹn nhưng chưa kiểm tra được chứng thư có bị thu hồi không. Hãy cập nhật danh sách thu hồi.",
     "The content is intact but whether the certificate was revoked is not known. Update the revocation lists."},
    {"expired_unproven",
     "Chứng thư nay đã hết hạn; không có dấu thời gian chứng minh văn bản được ký khi chứng thư còn hạn.",
     "The certificate has expired since; no time-stamp proves that it was signed before."},
    {"expired", "Chứng thư đã hết hạn khi ký. Hãy yêu cầu ký lại.",
     "The certificate had expired when it signed. Ask for a new signature."},
    {"not_yet_valid", "Chứng thư chưa có hiệu lực khi ký. Hãy kiểm tra đồng hồ của máy ký và yêu cầu ký lại.",
     "The certificate was not valid yet when it signed. Check the signer's clock and ask for a new signature."},
    {"revoked", "Chứng thư đã bị thu hồi. Không chấp nhận chữ ký này.",
     "The certificate was revoked. Do not accept this signature."},
    {"wrong_usage", "Chứng thư không dùng để ký số. Hãy yêu cầu ký bằng chứng thư đúng mục đích.",
     "The certificate is not meant for signing. Ask for a signature with a proper one."},
    {"weak", "Chữ ký dùng thuật toán hoặc khóa yếu. Hãy yêu cầu ký lại bằng SHA-256 và khóa đủ mạnh.",
     "The signature uses a weak algorithm or key. Ask for a new one with SHA-256 and a strong key."},
    {"altered", "Tệp đã bị sửa sau khi ký. Không chấp nhận; hãy yêu cầu bản gốc.",
     "The file was changed after it was signed. Do not accept it; ask for the original."},
    {"broken", "Chữ ký số hỏng hoặc giả mạo: nội dung không đúng với nội dung đã ký. Không chấp nhận.",
     "The signature is broken or forged: the content is not what was signed. Do not accept it."},
}};

const Words& words_of(State state) {
  return words[static_cast<std::size_t>(state)];
}

std::string sentence(const SignatureReport& report, std::string_view state, const char* by, const char* proved,
                     const char* claimed) {
  std::string out(state);
  if (report.signer) {
    const Certificate& who = *report.signer;
    out += std::string(" ") + by + (who.common_name.empty() ? who.subject : who.common_name) + "; " +
           (report.time_proved ? proved : claimed) + signing_time_text(report.time) + ".";
  }
  return out;
}

}  // namespace

std::string SignatureReport::vi() const {
  return sentence(*this, words_of(state).vi, is_timestamp ? "Dấu thời gian của: " : "Người ký: ",
                  "thời gian theo dấu thời gian: ", "thời gian theo người ký: ");
}

std::string SignatureReport::en() const {
  return sentence(*this, words_of(state).en, is_timestamp ? "Time-stamp of " : "Signed by ", "time-stamped ",
                  "claimed time ");
}

bool Verification::all_valid() const {
  return !signatures.empty() && original_fault.empty() &&
         std::all_of(signatures.begin(), signatures.end(),
                     [](const SignatureReport& one) { return one.state == State::valid; });
}

std::string_view name_of(State state) {
  return words_of(state).name;
}
std::string_view sentence_vi(State state) {
  return words_of(state).vi;
}
std::string_view sentence_en(State state) {
  return words_of(state).en;
}

std::optional<State> state_from(std::string_view name) {
  for (std::size_t i = 0; i < states; ++i) {
    if (words[i].name == name) return static_cast<State>(i);
  }
  return std::nullopt;
}

}  // namespace luy::signature
