#include "incident/poster_words.h"

namespace luy::incident {

std::string report_address(std::string_view base, std::string_view code, std::string_view id) {
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
  const bool is_plain = !code.empty() && code.find_first_not_of(plain) == std::string_view::npos;
  return std::string(base) + "/bao/" + std::string(is_plain ? code : id);
}

std::vector<std::string> poster_notes(const std::vector<directory::Contact>& contacts) {
  const directory::Contact* who = nullptr;
  for (const directory::Contact& one : contacts) {
    const bool is_better = who == nullptr || (one.always && !who->always);
    if (!one.phone.empty() && is_better) who = &one;
  }
  std::vector<std::string> out;
  if (who != nullptr) out.push_back("Hoặc gọi " + who->name + ", điện thoại " + who->phone + ".");
  out.emplace_back("Điện thoại, máy tính dùng để báo phải đang nối vào mạng của cơ quan (dây mạng hoặc Wi-Fi).");
  out.emplace_back(
      "Lần đầu mở, trình duyệt có thể cảnh báo về chứng thư vì đây là máy chủ nội bộ: chỉ tiếp tục khi địa chỉ đúng "
      "như "
      "trên.");
  return out;
}

}  // namespace luy::incident
